import type { JobResult, ReceiverEvent } from "@abstrakt-webhooks/core";

type EventOf<T extends ReceiverEvent["type"]> = Extract<ReceiverEvent, { type: T }>;

/** What the receiving side has seen and done. */
export interface Ledger {
  /** Notes that a callback begins. */
  begun(): void;
  /** Notes that a callback came to its end: the effect one wants exactly once. */
  handled(result: JobResult): void;
  note(event: ReceiverEvent): void;
  /** How many callbacks have begun, those that failed included. */
  runs(): number;
  /** The results with which callbacks came to their end, of one job or of all. */
  results(jobId?: string): JobResult[];
  events<T extends ReceiverEvent["type"]>(type: T): EventOf<T>[];
}

/** Keeps the books of the receiving side, to hold against the sender's. */
export function createLedger(): Ledger {
  const events: ReceiverEvent[] = [];
  const results: JobResult[] = [];
  let runs = 0;
  return {
    begun: () => void (runs += 1),
    handled: (result) => void results.push(result),
    note: (event) => void events.push(event),
    runs: () => runs,
    results: (jobId) => results.filter((result) => jobId === undefined || result.job_id === jobId),
    events: <T extends ReceiverEvent["type"]>(type: T) =>
      events.filter((event): event is EventOf<T> => event.type === type),
  };
}
