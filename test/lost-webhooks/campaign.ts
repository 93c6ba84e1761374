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
  /** How often one of them is killed, spread over the run. */
  readonly kills: number;
  readonly seed: number;
  readonly times: Times;
}

/** What a campaign shortens, all of it alike, so that nobody waits a minute for a poll. */
export interface Times {
  /** The longest that a job runs; most are over when they are first asked for. */
  readonly longestJobMs: number;
  readonly poll: { readonly afterMs: number; readonly everyMs: number };
  readonly leaseMs: number;
}

const AT_ONCE = 48;
const MOST_PER_SECOND = 100;
const FORGED_RATE = 0.1;
const PATIENCE_MS = 600_000;
const LOOK_MS = 100;

/** A job as it was submitted: from then on it is promised to come to one completed callback. */
export interface Promised {
  readonly jobId: string;
  readonly ref: string;
  readonly atMs: number;
}

/** What forgers did, by what they had. */
export type Forgeries = Record<Forgery, { kept: number; letIn: number; unanswered: number }>;

/**
 * Submits jobs to a simulated provider that drops, doubles, delays, reorders and breaks webhooks,
 * among forgers, while instances are killed; then compares what happened to what was promised.
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
    // As a load balancer would: any instance, whichever the URL names.
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
        // Killed in the middle: nobody was promised anything, so it is submitted anew.
        await pause(LOOK_MS);
      }
    }
  };

  let next = 0;
  const submitInTurn = async (): Promise<void> => {
    while (next < jobs) {
      const ref = `ref-${next++}`;
      // Faster than they are handled, and time would be spent in queues that nobody asks about.
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
    await until(isOver).catch(() => undefined); // the report says what is missing
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

/** A bound against hanging, not a measure. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const endMs = Date.now() + PATIENCE_MS; !(await holds());) {
    if (Date.now() > endMs) throw new Error(`Expected it within ${PATIENCE_MS} ms.`);
    await pause(LOOK_MS);
  }
}

/** Numbers in [0, 1), the same for the same seed. */
function createRandom(seed: number): () => number {
  let state = seed % 2_147_483_647 || 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
