import type { JobRecord, JobState } from "@abstrakt-webhooks/core";
import {
  createRing,
  type Counts,
  type InspectorSource,
  type Knob,
  type SeenEvent,
} from "@abstrakt-webhooks/inspector";
import type { DeliveryRecord, SimulatedJob, Simulator } from "@abstrakt-webhooks/testing/simulator";
import { wallClock } from "../clock.ts";
import { isSuccess, toEvent } from "./delivery-event.ts";
import { knobs, type CurrentKnobs, type Knob as SimulatorKnob, type KnobName } from "./knobs.ts";

/** A simulator as the inspector's page shows it. */
export interface PageSource extends InspectorSource {
  delivered(delivery: DeliveryRecord): void;
  /** Call it when a request was answered: there may be a new job. */
  submitted(): void;
}

/** Where results without a URL go, and how a job is started. */
export interface PageActions {
  readonly forward: string | undefined;
  submit(): Promise<void>;
}

const MAX_EVENTS = 5_000;
const names = Object.keys(knobs) as KnobName[];

/** Shows what was sent and how the app answered. */
export function createPageSource(
  simulator: Simulator,
  currentKnobs: CurrentKnobs,
  { forward, submit }: PageActions,
): PageSource {
  const ring = createRing(MAX_EVENTS);
  const outcomes = new Map<string, SeenEvent>();
  let known = 0;
  let changed = (): void => undefined;

  const add = (event: SeenEvent & { jobId: string }): void => {
    ring.push(event);
    if (!isSuccess(outcomes.get(event.jobId))) outcomes.set(event.jobId, event);
    changed();
  };
  const recordOf = (job: SimulatedJob): JobRecord => toRecord(job, outcomes.get(job.jobId));
  const records = (): JobRecord[] => simulator.jobs().map(recordOf).toReversed();

  return {
    about: "What the simulator has sent, and how your app answered. Callbacks run in your app.",
    sinceMs: wallClock(),
    events: ring.toArray,
    delivered: (delivery) => add(toEvent(delivery, wallClock())),
    submitted() {
      for (const { jobId } of simulator.jobs().slice(known)) {
        ring.push({ type: "expected", atMs: wallClock(), jobId });
        known += 1;
        changed();
      }
    },
    async list({ state, prefix = "", limit, after = "0" }) {
      const start = Number(after);
      const matching = records().filter(
        (one) => (state === undefined || one.state === state) && one.jobId.startsWith(prefix),
      );
      const page = matching.slice(start, start + limit);
      const next = start + limit < matching.length ? { next: String(start + limit) } : {};
      return { records: page, ...next };
    },
    find: async (jobId) => records().find((one) => one.jobId === jobId),
    outputType(jobId) {
      const { result } = simulator.jobs().find((job) => job.jobId === jobId) ?? {};
      return result?.status === "succeeded" ? result.output.type : result?.status;
    },
    async counts() {
      const counts: Record<JobState, number> = {
        expected: 0,
        pending: 0,
        leased: 0,
        done: 0,
        dead: 0,
      };
      for (const { state } of records()) counts[state] += 1;
      return counts satisfies Counts;
    },
    subscribe(onChange) {
      changed = onChange;
    },
    async replay(payload, of) {
      const { job_id: jobId } = payload as { job_id: string };
      const job = simulator.jobs().find((one) => one.jobId === of);
      ring.push({ type: "replayed", atMs: wallClock(), jobId, ...(jobId !== of && { of }) });
      add(toEvent(await post(job?.webhookUrl ?? forward, jobId, payload), wallClock()));
      return jobId;
    },
    ...(forward !== undefined && { submit }),
    knobs: () => names.map((name) => toKnob(name, currentKnobs)),
    turn: (name, value) => currentKnobs.set(name as KnobName, Number(value)),
  };
}

function toRecord({ jobId, result }: SimulatedJob, outcome: SeenEvent | undefined): JobRecord {
  const isDone = isSuccess(outcome);
  const state = outcome === undefined ? (result ? "pending" : "leased") : isDone ? "done" : "dead";
  return {
    jobId,
    state,
    attempts: 0,
    fence: 0,
    conflicts: 0,
    ...(result && { payload: JSON.stringify(result) }),
    ...(outcome?.type === "undelivered" && { error: outcome.reason }),
    ...(outcome && { receivedAtMs: outcome.atMs, settledAtMs: outcome.atMs }),
  };
}

function toKnob(name: KnobName, currentKnobs: CurrentKnobs): Knob {
  const { steps, toWords, unset }: SimulatorKnob = knobs[name];
  const choices = steps.toSorted((a, b) => a - b);
  return {
    name,
    label: name,
    value: String(currentKnobs.values()[name] ?? unset ?? ""),
    choices: choices.map((step) => ({ value: String(step), label: toWords(step) })),
  };
}

const TIMEOUT_MS = 10_000;

/** Delivers a payload as the simulator does. */
async function post(
  url: string | undefined,
  jobId: string,
  payload: unknown,
): Promise<DeliveryRecord> {
  const sent = JSON.stringify(payload);
  const startedAtMs = performance.now();
  const record = { jobId, url: url ?? "", sent, kind: "duplicate", attempt: 1 } as const;
  const took = (): { durationMs: number } => ({ durationMs: performance.now() - startedAtMs });
  if (url === undefined) return { ...record, error: "network", ...took() };
  try {
    const headers = { "content-type": "application/json" };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await fetch(url, {
      method: "POST",
      headers,
      body: sent,
      redirect: "manual",
      signal,
    });
    const text = await answer.text();
    const { status } = answer;
    return { ...record, status, body: parse(text), ...took() };
  } catch {
    return { ...record, error: "network", ...took() };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
