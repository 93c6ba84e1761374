import type { JobResult, ReceiverEvent } from "@abstrakt-webhooks/core";

type EventOf<T extends ReceiverEvent["type"]> = Extract<ReceiverEvent, { type: T }>;

/** The records of what the receiver has done. */
export interface Ledger {
  /** Records that a callback begins. */
  begun(): void;
  /** Records that a callback has returned. This must happen exactly once for each job. */
  handled(result: JobResult): void;
  note(event: ReceiverEvent): void;
  /** How many callbacks have begun, also those that failed. */
  runs(): number;
  /** The results of the callbacks that have returned, for one job or for all jobs. */
  results(jobId?: string): JobResult[];
  events<T extends ReceiverEvent["type"]>(type: T): EventOf<T>[];
}

/** Makes empty records. The demo later compares them with the records of the sender. */
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
