import { isDeepStrictEqual } from "node:util";
import type { DeliveryRecord, SimulatedJob } from "@abstrakt-webhooks/testing/simulator";
import type { Submitted } from "./batch.ts";
import type { Ledger } from "./ledger.ts";
import type { Stray } from "./strays.ts";

/** The records of the sender and of the receiver. */
export interface Books {
  readonly submitted: readonly Submitted[];
  /** The simulator's records: its jobs with their results. `sent` has every delivery. */
  readonly jobs: readonly SimulatedJob[];
  readonly sent: readonly DeliveryRecord[];
  readonly strays: readonly Stray[];
  readonly ledger: Ledger;
}

/** The numbers of both records: what the `sender` sent, and what the `receiver` did with it. */
export type Tally = ReturnType<typeof toTally>;

/** Counts each side from its own records, so that the two can be compared. */
export function toTally({ submitted, jobs, sent, strays, ledger }: Books) {
  const acked = sent.filter(isAcked);
  const ofKind = (kind: DeliveryRecord["kind"]) =>
    sent.filter((record) => record.kind === kind).length;
  const stored = ledger.events("stored");
  const duplicates = ledger.events("duplicate");
  const conflicts = ledger.events("conflict");
  return {
    sender: {
      jobs: jobs.length,
      sent: sent.length + strays.length,
      strays: strays.length,
      neverSent: submitted.filter((job) => job.fate.deliveries?.length === 0).length,
      duplicates: ofKind("duplicate"),
      conflicts: ofKind("conflict"),
      cutOff: ofKind("corrupt"),
      badStrays: strays.filter((stray) => stray.expected >= 400).length,
      failingFirst: submitted.filter((job) => job.media === "audio" && job.fate.status !== "failed")
        .length,
      acked: acked.length + strays.filter(isAcked).length,
      rightAnswers:
        sent.filter(isRight).length + strays.filter((s) => s.status === s.expected).length,
      roundTripMs: percentiles(acked.map((record) => record.durationMs)),
    },
    receiver: {
      stored: stored.filter((event) => event.source === "webhook").length,
      fetched: stored.filter((event) => event.source === "manual").length,
      duplicates: duplicates.length,
      conflicts: conflicts.length,
      ignored: ledger.events("ignored").length,
      parked: ledger.events("parked").length,
      refused: ledger.events("refused").length,
      runs: ledger.runs(),
      retried: ledger.events("retry").length,
      dead: ledger.events("dead").length,
      handledOnce: jobs.filter(({ jobId }) => ledger.results(jobId).length === 1).length,
      handledRightly: jobs.filter(({ jobId, result }) =>
        isDeepStrictEqual(ledger.results(jobId), [result]),
      ).length,
      handled: ledger.results().length,
      ackMs: percentiles(
        [...stored, ...duplicates, ...conflicts].flatMap((event) => event.ackMs ?? []),
      ),
    },
  };
}

const isAcked = ({ status = 0 }: { status?: number }): boolean => status >= 200 && status < 300;

/** True if the sender got the answer that `docs/answers.md` lists. */
function isRight({ kind, status, body }: DeliveryRecord): boolean {
  if (kind === "corrupt") return status === 400;
  const { received, conflict = false } = (body ?? {}) as { received?: unknown; conflict?: unknown };
  return status === 200 && received === true && conflict === (kind === "conflict");
}

function percentiles(values: readonly number[]): { p50: number; p99: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}
