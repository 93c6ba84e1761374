import type { Settlement, StoredResult } from "@abstrakt-webhooks/core";
import { inPlainWords, storableText } from "@abstrakt-webhooks/core/store";
import type { Names } from "./namespace.ts";
import { batchRows, type Query } from "./query.ts";
import { toJobId } from "./row.ts";
import { callsOf } from "./sql/functions.ts";
import { settleSql } from "./sql/settle.ts";
import { isContentFault } from "./store-error.ts";

type LeaseKey = { readonly jobId: string; readonly fence: number };
type SettleCall = LeaseKey & { readonly settlement: Settlement };

interface InTransaction {
  readonly outside: boolean;
  readonly settled: boolean;
  readonly already: boolean;
}

export interface SettleOptions {
  readonly names: Names;
  readonly doneTtlMs: number;
  readonly deadTtlMs: number;
  readonly keepPayload: boolean;
}

/** Ends and extends leases: one by one in the user's transaction, otherwise in batches. */
export function createSettle(query: Query, options: SettleOptions) {
  const { waiting, inTransaction } = settleSql(options.names.jobs);
  const passing = callsOf(options.names).settle;
  const run = async (on: Query, text: string, batch: readonly SettleCall[]) => {
    const items = JSON.stringify(batch.map((call) => toItem(call, options)));
    const rows = await on<{ id: string }>(text, items);
    return new Set(rows.map(({ id }) => toJobId(id)));
  };
  const alone = async (on: Query, call: SettleCall): Promise<boolean> =>
    (await run(on, waiting, [call])).has(call.jobId);

  const batched = batchRows<SettleCall, boolean>({
    async send(batch) {
      const [only] = batch;
      if (batch.length === 1 && only !== undefined) return [await alone(query, only)];
      const settled = await run(query, passing, batch);
      // A transaction may have locked the other rows, so each of them waits in its own statement.
      return batch.map((call) => settled.has(call.jobId) || alone(query, call));
    },
    keyOf: ({ jobId }) => jobId,
    lengthOf: ({ settlement }) =>
      settlement.to === "done" ? (settlement.result?.payload.length ?? 0) : 0,
  });

  return {
    settle: ({ jobId, fence }: LeaseKey, settlement: Settlement) =>
      batched({ jobId, fence, settlement }).catch((thrown: unknown) => {
        if (!isContentFault(thrown)) throw thrown;
        return batched({ jobId, fence, settlement: inPlainWords(settlement) });
      }),
    /** `"outside"`: no transaction is open on `tx`, so nothing was written. */
    async settleIn(
      tx: Query,
      { jobId, fence }: LeaseKey,
      result?: StoredResult,
    ): Promise<boolean | "outside"> {
      // Outside a transaction, the next statement gets another transaction id.
      const [current] = await tx<{ id: string }>("SELECT txid_current()::text AS id");
      const settlement: Settlement = { to: "done", ...(result && { result }) };
      const items = JSON.stringify([toItem({ jobId, fence, settlement }, options)]);
      const [answer] = await tx<InTransaction>(inTransaction, items, current?.id);
      if (answer === undefined || answer.outside) return "outside";
      return answer.settled || answer.already;
    },
  };
}

function toItem({ jobId, fence, settlement: s }: SettleCall, o: SettleOptions) {
  const base = { job_id: jobId, fence, ends: s.to };
  switch (s.to) {
    case "done":
      return { ...base, due_in_ms: o.doneTtlMs, drops: !o.keepPayload, ...s.result };
    case "dead":
      return {
        ...base,
        due_in_ms: o.deadTtlMs,
        error: storableText(s.error),
        frees: s.free === true,
      };
    case "retry":
      return { ...base, due_in_ms: s.delayMs, error: storableText(s.error) };
    case "release":
      return { ...base, due_in_ms: s.delayMs ?? 0, error: s.error && storableText(s.error) };
    case "extend":
      return { ...base, due_in_ms: s.leaseMs };
  }
}
