import { timer } from "../clock.ts";
import { endOfTurn } from "../next-turn.ts";

/** Bounds of one batch. */
const MAX_ITEMS = 100;
const MAX_CHARACTERS = 1_000_000;
/** Two: the backend works on one batch while the next is sent, and one that blocks leaves the other. */
const MAX_IN_FLIGHT = 2;

/** A backend that is silent for so long may be so for ever, as on a half-open connection. */
export const SILENT_MS = 5_000;

/** How a batcher sends its items. */
export interface BatcherOptions<Item, Answer> {
  /**
   * Sends one batch. Answers in the order of the items; an answer that is a promise may come later than
   * the others, or reject for its item alone.
   */
  send(items: readonly Item[]): Promise<readonly (Answer | Promise<Answer>)[]>;
  /** About how many characters an item sends. */
  lengthOf(item: Item): number;
  /** Of two items with one key, the second waits for another batch. Default: items have no keys. */
  keyOf?(item: Item): string;
  /**
   * What becomes of a batch of several that `send` rejects: `"split"` sends each item alone, `"fail"`
   * rejects them all. Default `"fail"`.
   */
  whenRefused?(error: unknown): "split" | "fail";
  /**
   * How long a batch waits for the one that was sent before it, so that more items join it. Default 0:
   * up to two are in flight at once.
   */
  readonly patienceMs?: number;
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  resolve(answer: Answer | Promise<Answer>): void;
  reject(error: unknown): void;
}

/**
 * Lets calls share requests to the backend. With nothing in flight, an item is sent at the end of its
 * turn; otherwise it waits, with all that arrive meanwhile, for a batch that is in flight.
 *
 * @returns what queues one item; its promise is settled as `send` answers for that item.
 */
export function createBatcher<Item, Answer>(
  options: BatcherOptions<Item, Answer>,
): (item: Item) => Promise<Answer> {
  const { patienceMs = 0 } = options;
  let queue: Waiting<Item, Answer>[] = [];
  let inFlight = 0;
  /** True while the next batch waits for the last one. */
  let isPatient = false;
  let scheduled = false;

  const sendNext = (): void => {
    scheduled = false;
    while (!isPatient && inFlight < MAX_IN_FLIGHT && queue.length > 0) {
      const { batch, rest } = takeBatch(queue, options);
      queue = rest;
      dispatch(batch);
    }
  };

  /** Counts as in flight until it is answered or has been silent for too long; a late answer still counts. */
  const dispatch = (batch: readonly Waiting<Item, Answer>[]): void => {
    let isInFlight = true;
    let isAwaited = patienceMs > 0;
    const stopWaiting = (): void => {
      if (isAwaited) isPatient = false;
      isAwaited = false;
      sendNext();
    };
    const finish = (): void => {
      if (!isInFlight) return;
      isInFlight = false;
      inFlight -= 1;
      stopWaiting();
    };
    inFlight += 1;
    isPatient = isAwaited;
    const cancelSilence = timer(SILENT_MS, finish);
    const cancelPatience = isAwaited ? timer(patienceMs, stopWaiting) : undefined;
    void answer(batch).then(() => {
      cancelSilence();
      cancelPatience?.();
      finish();
    });
  };

  /** Never rejects. */
  const answer = async (batch: readonly Waiting<Item, Answer>[]): Promise<void> => {
    try {
      const answers = await options.send(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(answers[index] as Answer));
    } catch (error) {
      if (batch.length > 1 && options.whenRefused?.(error) === "split") {
        await Promise.all(batch.map((waiting) => answer([waiting])));
      } else {
        for (const { reject } of batch) reject(error);
      }
    }
  };

  return (item) =>
    new Promise((resolve, reject) => {
      queue.push({ item, resolve, reject });
      if (scheduled) return;
      scheduled = true;
      endOfTurn(sendNext);
    });
}

/** Fills a batch from the front of the queue. */
function takeBatch<Item, Answer>(
  queue: readonly Waiting<Item, Answer>[],
  { keyOf, lengthOf }: BatcherOptions<Item, Answer>,
): { batch: Waiting<Item, Answer>[]; rest: Waiting<Item, Answer>[] } {
  const batch: Waiting<Item, Answer>[] = [];
  const skipped: Waiting<Item, Answer>[] = [];
  const keys = new Set<string>();
  let characters = 0;
  let seen = 0;
  for (const waiting of queue) {
    if (batch.length === MAX_ITEMS || characters >= MAX_CHARACTERS) break;
    seen += 1;
    const key = keyOf?.(waiting.item);
    if (key !== undefined && keys.has(key)) {
      skipped.push(waiting);
      continue;
    }
    if (key !== undefined) keys.add(key);
    batch.push(waiting);
    characters += lengthOf(waiting.item);
  }
  return { batch, rest: skipped.concat(queue.slice(seen)) };
}
