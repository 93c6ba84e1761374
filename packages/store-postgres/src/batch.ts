import {
  AbstraktWebhookError,
  type Delivery,
  type Ingested,
  type JobState,
} from "@abstrakt-webhooks/core";
import { isOneRowsFault } from "./store-error.ts";

/** Bounds of one statement. A result of 256 kB is common enough, 100 of them in one parameter are not. */
const MAX_ROWS = 100;
const MAX_CHARACTERS = 1_000_000;
/** Two: the server works on one while the next fills, and a row that blocks one leaves the other. */
const MAX_IN_FLIGHT = 2;
/** How often a delivery may meet a row that was written at that very moment. */
const MAX_MISSES = 20;

/** A delivery that waits for its answer. */
export interface Waiting {
  readonly delivery: Delivery;
  readonly owner: string;
  readonly leaseMs: number;
  /** How often it went out and came back without an answer. */
  misses: number;
  resolve(ingested: Ingested): void;
  reject(error: unknown): void;
}

/** One row of a statement: the delivery that is sent, then those equal to it that need not be. */
type Group = [Waiting, ...Waiting[]];

/**
 * Sends deliveries in batches, each job at most once per batch. With nothing in flight a delivery
 * goes out at the end of its turn; otherwise it waits for a statement that is on its way, together
 * with all that come meanwhile.
 *
 * @param send answers in the order it was given. `undefined`: ask again, the row was just written.
 */
export function createBatcher(
  send: (batch: readonly Waiting[]) => Promise<(Ingested | undefined)[]>,
): (waiting: Waiting) => void {
  let queue: Waiting[] = [];
  let inFlight = 0;
  let scheduled = false;

  const pump = (): void => {
    scheduled = false;
    while (inFlight < MAX_IN_FLIGHT && queue.length > 0) {
      const { groups, rest } = take(queue);
      queue = rest;
      inFlight += 1;
      void flush(groups).then(() => {
        inFlight -= 1;
        pump();
      });
    }
  };

  /** Never rejects. */
  const flush = async (groups: readonly Group[]): Promise<void> => {
    try {
      const answers = await send(groups.map(([first]) => first));
      for (const [index, group] of groups.entries()) queue.push(...settle(group, answers[index]));
    } catch (error) {
      if (groups.length > 1 && isOneRowsFault(error)) {
        await Promise.all(groups.map((group) => flush([group])));
      } else {
        for (const { reject } of groups.flat()) reject(error);
      }
    }
  };

  return (waiting) => {
    queue.push(waiting);
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(pump);
  };
}

/** Fills a batch from the front of the queue. What contradicts a delivery in it waits for the next. */
function take(queue: readonly Waiting[]): { groups: Group[]; rest: Waiting[] } {
  const groups = new Map<string, Group>();
  const rest: Waiting[] = [];
  let characters = 0;
  for (const waiting of queue) {
    const { jobId, payload } = waiting.delivery;
    const group = groups.get(jobId);
    if (group !== undefined) {
      if (isEqual(group[0].delivery, waiting.delivery)) group.push(waiting);
      else rest.push(waiting);
    } else if (groups.size < MAX_ROWS && characters < MAX_CHARACTERS) {
      groups.set(jobId, [waiting]);
      characters += payload.length;
    } else {
      rest.push(waiting);
    }
  }
  return { groups: [...groups.values()], rest };
}

const isEqual = (one: Delivery, other: Delivery): boolean =>
  one.fingerprint !== undefined &&
  one.fingerprint === other.fingerprint &&
  one.binding === other.binding;

/** Answers a group where the answer to its first settles it; returns who has to ask again. */
function settle([first, ...others]: Group, answer: Ingested | undefined): Waiting[] {
  if (answer === undefined) {
    first.misses += 1;
    if (first.misses < MAX_MISSES) return [first, ...others];
    first.reject(unanswered());
    return others;
  }
  first.resolve(answer);
  const state = stateAfter(answer);
  if (state === undefined) return others;
  for (const { resolve } of others) resolve({ kind: "duplicate", state });
  return [];
}

/** The state in which the row holds the result just answered for, when it does. */
function stateAfter(answer: Ingested): JobState | undefined {
  if (answer.kind === "leased") return "leased";
  if (answer.kind === "stored") return "pending";
  return answer.kind === "duplicate" ? answer.state : undefined;
}

const unanswered = (): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "store_unavailable",
    `PostgreSQL answered nothing for a job, ${MAX_MISSES} times. Check that \`client.query\` resolves to the rows of the statement.`,
  );
