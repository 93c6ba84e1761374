import type { Delivery, JobRecord, JobState, Settlement } from "@abstrakt-webhooks/core";
import { equal } from "../assert.ts";
import type { Rig } from "./rig.ts";

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

/** One row for each state that a row with result A can be in, each under the state's name. */
export async function rowsInEveryState(rig: Rig, extra?: Partial<Delivery>): Promise<JobState[]> {
  const settleAs = async (jobId: JobState, settlement?: Settlement) => {
    const ingested = await rig.ingest(resultA(jobId, extra));
    equal(ingested.kind, "leased", `ingest of ${jobId}`);
    if (ingested.kind !== "leased" || settlement === undefined) return;
    equal(await rig.store.settle(ingested.lease, settlement), true, `settle of ${jobId}`);
  };
  await settleAs("leased");
  await settleAs("pending", { to: "retry", delayMs: rig.ms(6_000), error: "busy" });
  await settleAs("done", { to: "done" });
  await settleAs("dead", { to: "dead", error: "exhausted" });
  return ["leased", "pending", "done", "dead"];
}

/** A record without the one field that moves by itself. */
export const still = (record: JobRecord): JobRecord => {
  const { dueInMs, ...rest } = record;
  return rest;
};
