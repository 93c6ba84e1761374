import type { Violation } from "./history/check-history.ts";
import type { Run } from "./run.ts";

/** The outcome of a part on one store. */
export interface Outcome {
  readonly part: string;
  readonly store: string;
  /** Counts, by the words of the table. */
  readonly counts: Readonly<Record<string, number>>;
  readonly violations: readonly Violation[];
}

/** The numbers of results that arrived, were handled, and ran again after a crash or a failure. */
export function counted(run: Run): Record<string, number> {
  const history = run.history();
  const jobsOf = (kind: string): number =>
    new Set(history.filter((event) => event.kind === kind).map(({ jobId }) => jobId)).size;
  const completions = history.filter(({ kind }) => kind === "completed").length;
  const doneAt = history.filter((e) => e.kind === "settled" && e.to === "done" && e.ok).length;
  return {
    sent: run.sender.sent(),
    acknowledged: run.sender.acknowledged.size,
    handled: jobsOf("completed"),
    "handled again": completions - jobsOf("completed"),
    "done recorded": doneAt,
  };
}

/** A fault that the part itself has found. */
export const toViolation = (what: string): Violation => ({ rule: "part", jobId: "", what });
