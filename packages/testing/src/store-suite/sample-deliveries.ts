import type { Delivery, JobRecord, Settlement } from "@abstrakt-webhooks/core";

/** A result for the job. */
export const resultA = (jobId: string, extra?: Partial<Delivery>): Delivery => ({
  jobId,
  fingerprint: "1-aaaaaaaaaaaaaaaa",
  payload: '{"result":"A"}',
  source: "webhook",
  ...extra,
});

/** Another result for the job, which contradicts A. */
export const resultB = (jobId: string, extra?: Partial<Delivery>): Delivery => ({
  ...resultA(jobId),
  fingerprint: "1-bbbbbbbbbbbbbbbb",
  payload: '{"result":"B"}',
  ...extra,
});

/** A delivery whose shape is not recognised: it has no fingerprint. */
export const unrecognized = (jobId: string, payload = '{"status":"melted"}'): Delivery => ({
  jobId,
  payload,
  source: "webhook",
});

/** What a confirmation found, as `done` writes it back. */
export const confirmed = { payload: '{"result":"C"}', fingerprint: "1-cccccccccccccccc" };

/** Every way to settle. */
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

/** A record without the one field that moves by itself. */
export const still = (record: JobRecord): JobRecord => {
  const { dueInMs, ...rest } = record;
  return rest;
};
