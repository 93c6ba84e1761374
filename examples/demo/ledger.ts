import type { ReceiverEvent } from "@abstrakt-webhooks/core";

type EventOf<T extends ReceiverEvent["type"]> = Extract<ReceiverEvent, { type: T }>;

/** What the receiving side has seen and done. */
export interface Ledger {
  /** Notes that a callback begins. */
  begun(): void;
  /** Notes that a callback came to its end: the effect one wants exactly once. */
  handled(jobId: string): void;
  note(event: ReceiverEvent): void;
  /** How many callbacks have begun, those that failed included. */
  runs(): number;
  /** How often the callback of this job came to its end. */
  timesHandled(jobId: string): number;
  /** How many callbacks came to their end, over all jobs. */
  totalHandled(): number;
  events<T extends ReceiverEvent["type"]>(type: T): EventOf<T>[];
}

/** Keeps the books of the receiving side, to hold against the sender's. */
export function createLedger(): Ledger {
  const events: ReceiverEvent[] = [];
  const ends: string[] = [];
  let runs = 0;
  return {
    begun: () => void (runs += 1),
    handled: (jobId) => void ends.push(jobId),
    note: (event) => void events.push(event),
    runs: () => runs,
    timesHandled: (jobId) => ends.filter((ended) => ended === jobId).length,
    totalHandled: () => ends.length,
    events: <T extends ReceiverEvent["type"]>(type: T) =>
      events.filter((event): event is EventOf<T> => event.type === type),
  };
}
