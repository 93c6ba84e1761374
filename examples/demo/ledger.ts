import type { JobResult, ReceiverEvent } from "@abstrakt-webhooks/core";

type EventOf<T extends ReceiverEvent["type"]> = Extract<ReceiverEvent, { type: T }>;

/** What the receiver has done. */
export interface Ledger {
  /** Notes that a callback begins. */
  begun(): void;
  /** Notes that a callback has ended: the effect that must happen exactly once. */
  handled(result: JobResult): void;
  note(event: ReceiverEvent): void;
  /** How many callbacks have begun, also those that failed. */
  runs(): number;
  /** The results of callbacks that have ended, of one job or of all. */
  results(jobId?: string): JobResult[];
  events<T extends ReceiverEvent["type"]>(type: T): EventOf<T>[];
}

/** Records what the receiver does, to compare it with what the sender did. */
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
