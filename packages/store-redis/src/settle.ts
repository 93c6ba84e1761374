import type { JobStore, Settlement } from "@abstrakt-webhooks/core";
import { createBatcher } from "@abstrakt-webhooks/core/store";
import { SETTLE } from "./lua/settle.ts";
import { toText } from "./row.ts";
import { runForEach, type Run } from "./run.ts";

export interface SettleOptions {
  readonly doneTtlMs: number;
  readonly deadTtlMs: number;
  readonly keepPayload: boolean;
}

interface SettleCall {
  readonly jobId: string;
  readonly fence: number;
  readonly settlement: Settlement;
}

/** Ends and extends leases. Calls of the same turn share one script. */
export function createSettle(run: Run, options: SettleOptions): JobStore["settle"] {
  const batched = createBatcher<SettleCall, number>({
    send(batch) {
      const args: (string | number)[] = [options.keepPayload ? "1" : ""];
      for (const { jobId, fence, settlement } of batch) {
        const { error, result, free } = { ...NOTHING, ...settlement };
        const texts = [error, toText(result?.payload), toText(result?.fingerprint)];
        const ms = timeOf(settlement, options);
        args.push(jobId, fence, settlement.to, ms, ...texts, free ? "1" : "");
      }
      const jobIds = batch.map(({ jobId }) => jobId);
      return runForEach<number>(run, SETTLE, jobIds, args);
    },
    lengthOf: ({ settlement }) =>
      settlement.to === "done" ? (settlement.result?.payload.length ?? 0) : 0,
  });
  return async ({ jobId, fence }, settlement) =>
    Number(await batched({ jobId, fence, settlement })) === 1;
}

const NOTHING: {
  error: string;
  result?: { payload: string; fingerprint: string };
  free?: true;
} = { error: "" };

/** The retention of a settled row, or the time until the job is due. */
function timeOf(settlement: Settlement, { doneTtlMs, deadTtlMs }: SettleOptions): number {
  switch (settlement.to) {
    case "done":
      return doneTtlMs;
    case "dead":
      return deadTtlMs;
    case "retry":
      return settlement.delayMs;
    case "release":
      return settlement.delayMs ?? 0;
    case "extend":
      return settlement.leaseMs;
  }
}
