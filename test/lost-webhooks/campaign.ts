import { createSimulator } from "@abstrakt-webhooks/testing/simulator";
import { openBackend, type Place } from "./backend.ts";
import { startInstances, type Instances } from "./start-instances.ts";
import { forge, FORGERIES, type Forgery } from "./forger.ts";
import { judge, type Report } from "./report.ts";

/** One campaign. */
export interface Campaign {
  readonly jobs: number;
  readonly place: Place;
  readonly instances: number;
  /** The number of kills, spread over the run. */
  readonly kills: number;
  readonly seed: number;
  readonly times: Times;
}

/** The times that a campaign shortens, all by the same factor, so that no poll takes a minute. */
export interface Times {
  /** The maximum time of a job; most jobs have ended before their first poll. */
  readonly longestJobMs: number;
  readonly poll: { readonly afterMs: number; readonly everyMs: number };
  readonly leaseMs: number;
}

const AT_ONCE = 48;
const MOST_PER_SECOND = 100;
const FORGED_RATE = 0.1;
const PATIENCE_MS = 600_000;
const LOOK_MS = 100;

/** A submitted job: it must have exactly one completed callback. */
export interface Promised {
  readonly jobId: string;
  readonly ref: string;
  readonly atMs: number;
}

/** The forged requests, by what the forger had. */
export type Forgeries = Record<Forgery, { kept: number; letIn: number; unanswered: number }>;

/**
 * Submits jobs to a simulated provider that drops, repeats, delays, reorders and breaks webhooks.
 * Forgers send requests and instances are killed at the same time. Then compares the effects with
 * the promises.
 */
export async function runCampaign({
  jobs,
  place,
  instances,
  kills,
  seed,
  times,
}: Campaign): Promise<Report> {
  const random = createRandom(seed);
  const startedAtMs = Date.now();
  const started: { processes?: Instances } = {};
  const simulator = createSimulator({
    seed,
    latency: { minMs: 20, maxMs: times.longestJobMs },
    failureRate: 0.1,
    dropRate: 0.2,
    duplicateRate: 0.2,
    reorderRate: 0.2,
    corruptRate: 0.05,
    // As through a load balancer: any instance may get it, whichever the URL names.
    async fetch(request) {
      const { pathname, search } = new URL(request.url);
      const { method, headers, signal } = request;
      const body = await request.text();
      const origin = started.processes?.origin(random) ?? "";
      return fetch(`${origin}${pathname}${search}`, { method, headers, body, signal });
    },
  });
  const api = { baseUrl: await simulator.listen(), apiKey: simulator.apiKey };
  const secret = crypto.randomUUID() + crypto.randomUUID();
  const backend = await openBackend(place);
  const config = { place, api, secret, ...times };
  const processes = await startInstances(instances, config);
  started.processes = processes;

  const promised: Promised[] = [];
  const forgeries = Object.fromEntries(
    FORGERIES.map((kind) => [kind, { kept: 0, letIn: 0, unanswered: 0 }]),
  ) as Forgeries;
  const forging: Promise<void>[] = [];

  const attack = async (jobId: string): Promise<void> => {
    const kind = FORGERIES[Math.floor(random() * FORGERIES.length)] ?? "no token";
    const known = simulator.jobs();
    const urlOf = (index: number): string => known[index]?.webhookUrl ?? "";
    const own = known.findIndex((job) => job.jobId === jobId);
    const o = {
      jobId,
      own: urlOf(own),
      foreign: urlOf(own === 0 ? 1 : own - 1),
      fails: random() < 0.5,
    };
    await pause(random() * 2 * times.longestJobMs);
    const kept = await forge(kind, { ...o, origin: processes.origin(random) });
    forgeries[kind][kept === undefined ? "unanswered" : kept ? "kept" : "letIn"] += 1;
  };

  const submit = async (ref: string): Promise<void> => {
    for (;;) {
      try {
        const url = `${processes.origin(random)}/submit`;
        const response = await fetch(url, { method: "POST", body: ref });
        const jobId = await response.text();
        if (!response.ok) throw new Error(jobId);
        promised.push({ jobId, ref, atMs: Date.now() });
        if (random() < FORGED_RATE) forging.push(attack(jobId));
        return;
      } catch {
        // The process was killed during the submission: nothing was promised, so it is submitted
        // again.
        await pause(LOOK_MS);
      }
    }
  };

  let next = 0;
  const submitInTurn = async (): Promise<void> => {
    while (next < jobs) {
      const ref = `ref-${next++}`;
      // If jobs were submitted faster than they are handled, their time in queues would be
      // measured.
      await pause((AT_ONCE / MOST_PER_SECOND) * 2_000 * random());
      await submit(ref);
    }
  };
  const submitting = Promise.all(Array.from({ length: AT_ONCE }, submitInTurn));

  try {
    for (let killed = 0; killed < kills; killed += 1) {
      await until(async () => (await backend.countEffects()) >= ((killed + 0.5) / kills) * jobs);
      await processes.replace(Math.floor(random() * instances));
    }
    await submitting;
    await Promise.all(forging);
    await simulator.idle();
    const ids = new Set(promised.map(({ jobId }) => jobId));
    const isOver = async () => {
      if ((await backend.countEffects()) < jobs) return false;
      return (await backend.effects()).filter(({ jobId }) => ids.delete(jobId)) && ids.size === 0;
    };
    await until(isOver).catch(() => undefined); // the report names the missing jobs
    return judge({
      promised,
      forgeries,
      kills,
      times,
      effects: await backend.effects(),
      stats: await backend.store.stats(),
      jobs: simulator.jobs(),
      deliveries: simulator.deliveries(),
      losses: processes.losses,
      output: processes.output(),
      seconds: (Date.now() - startedAtMs) / 1_000,
    });
  } finally {
    await processes.stop();
    await simulator.close();
    await backend.close();
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** A limit, in case the campaign hangs. It measures nothing. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const endMs = Date.now() + PATIENCE_MS; !(await holds());) {
    if (Date.now() > endMs) throw new Error(`Expected it within ${PATIENCE_MS} ms.`);
    await pause(LOOK_MS);
  }
}

/** Numbers in [0, 1), the same for each seed. */
function createRandom(seed: number): () => number {
  let state = seed % 2_147_483_647 || 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
