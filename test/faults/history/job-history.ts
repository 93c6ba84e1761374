import type { Answered, Called, Final, Granted, HistoryEvent, Settled, Settling } from "./event.ts";

/** All that is known of one job, each list in the order of writing. */
export interface JobHistory {
  readonly jobId: string;
  /** By fence, ascending. */
  readonly grants: readonly Granted[];
  readonly settlings: readonly Settling[];
  readonly settles: readonly Settled[];
  readonly starts: readonly Called[];
  readonly completions: readonly Called[];
  readonly answers: readonly Answered[];
  readonly final: Final | undefined;
}

export function toJobHistories(events: readonly HistoryEvent[]): JobHistory[] {
  const byJob = new Map<string, HistoryEvent[]>();
  for (const event of events) {
    const own = byJob.get(event.jobId);
    if (own === undefined) byJob.set(event.jobId, [event]);
    else own.push(event);
  }
  return [...byJob].map(([jobId, own]) => toJobHistory(jobId, own));
}

function toJobHistory(jobId: string, events: readonly HistoryEvent[]): JobHistory {
  const of = <K extends HistoryEvent["kind"]>(kind: K) =>
    events.filter((event): event is Extract<HistoryEvent, { kind: K }> => event.kind === kind);
  return {
    jobId,
    grants: of("granted").sort((a, b) => a.fence - b.fence),
    settlings: of("settling"),
    settles: of("settled"),
    starts: of("started") as Called[],
    completions: of("completed") as Called[],
    answers: of("answered"),
    final: of("final").at(-1),
  };
}

/** The answers that acknowledged the result. */
export const acknowledged = ({ answers }: JobHistory): Answered[] =>
  answers.filter(({ status }) => status === 200);
