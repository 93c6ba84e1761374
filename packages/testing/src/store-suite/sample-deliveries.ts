import type { Delivery, JobRecord, Settlement } from "@abstrakt-webhooks/core";

/** A result for the job. */
export const resultA = (jobId: string, extra?: Partial<Delivery>): Delivery => ({
  jobId,
  fingerprint: "1-aaaaaaaaaaaaaaaa",
  payload: '{"result":"A"}',
  source: "webhook",
  ...extra,
});

/** A different result for the same job. */
export const resultB = (jobId: string, extra?: Partial<Delivery>): Delivery => ({
  ...resultA(jobId),
  fingerprint: "1-bbbbbbbbbbbbbbbb",
  payload: '{"result":"B"}',
  ...extra,
});

/** A delivery that was not recognised: it has no fingerprint. */
export const unrecognized = (jobId: string, payload = '{"status":"melted"}'): Delivery => ({
  jobId,
  payload,
  source: "webhook",
});

/** The result of a confirmation, as `done` writes it. */
export const confirmed = { payload: '{"result":"C"}', fingerprint: "1-cccccccccccccccc" };

/** Every kind of settlement. */
export const settlements = (ms: number): Settlement[] => [
  { to: "done" },
  { to: "done", result: confirmed },
  { to: "retry", delayMs: ms, error: "late" },
  { to: "dead", error: "late" },
  { to: "dead", error: "late", free: true },
  { to: "release" },
  { to: "release", delayMs: ms, error: "late" },
  { to: "extend", leaseMs: ms },
];

/** A record without `dueInMs`, which changes with time. */
export const still = (record: JobRecord): JobRecord => {
  const { dueInMs, ...rest } = record;
  return rest;
};
