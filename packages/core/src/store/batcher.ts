import { timer } from "../clock.ts";
import { endOfTurn } from "../next-turn.ts";

/** Bounds of one batch. */
const MAX_ITEMS = 100;
const MAX_CHARACTERS = 1_000_000;
/** Two, so that one batch can be sent while the backend works on the other or blocks it. */
const MAX_IN_FLIGHT = 2;

/**
 * After this time without a reply, a batch no longer counts as in flight, because the backend may
 * never answer it.
 */
export const SILENT_MS = 5_000;

/** How a batcher sends its items. */
export interface BatcherOptions<Item, Answer> {
  /**
   * Sends one batch and resolves to the answers, in the order of the items. An answer may be a
   * promise that resolves later than the others, or rejects for its item alone.
   */
  send(items: readonly Item[]): Promise<readonly (Answer | Promise<Answer>)[]>;
  /** The approximate length of an item in characters. */
  lengthOf(item: Item): number;
  /** Two items with the same key go into different batches. Default: items have no keys. */
  readonly keyOf?: ((item: Item) => string) | undefined;
  /**
   * What to do when `send` rejects a batch of several items: `"split"` sends each item alone,
   * `"fail"` rejects all of them. Default `"fail"`.
   */
  readonly whenRefused?: ((error: unknown) => "split" | "fail") | undefined;
  /**
   * How long a batch waits for the reply to the batch before it, so that more items join it.
   * Default 0: up to two batches are in flight at once.
   */
  readonly patienceMs?: number | undefined;
}

interface QueueEntry<Item, Answer> {
  readonly item: Item;
  resolve(answer: Answer | Promise<Answer>): void;
  reject(error: unknown): void;
}

/**
 * Lets calls share requests to the backend. When no batch is in flight, an item is sent at the end
 * of its turn. Otherwise the items wait together until a batch in flight is answered.
 *
 * @returns a function that queues one item and resolves to its answer.
 */
export function createBatcher<Item, Answer>(
  options: BatcherOptions<Item, Answer>,
): (item: Item) => Promise<Answer> {
  const { patienceMs = 0 } = options;
  let queue: QueueEntry<Item, Answer>[] = [];
  let inFlight = 0;
  /** True while the next batch waits for the one before it. */
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

  /**
   * Sends a batch. It is in flight until the backend answers, at most for `SILENT_MS`. A late
   * answer still counts.
   */
  const dispatch = (batch: readonly QueueEntry<Item, Answer>[]): void => {
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

  /** Sends a batch and answers its items. Never rejects. */
  const answer = async (batch: readonly QueueEntry<Item, Answer>[]): Promise<void> => {
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
  queue: readonly QueueEntry<Item, Answer>[],
  { keyOf, lengthOf }: BatcherOptions<Item, Answer>,
): { batch: QueueEntry<Item, Answer>[]; rest: QueueEntry<Item, Answer>[] } {
  const batch: QueueEntry<Item, Answer>[] = [];
  const skipped: QueueEntry<Item, Answer>[] = [];
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
