import { isOneRowsFault } from "./store-error.ts";
import { endOfTurn, timer } from "./timer.ts";

/** Bounds of one statement. */
const MAX_ROWS = 100;
const MAX_CHARACTERS = 1_000_000;
/** Two: a row that blocks one leaves the other. */
const MAX_IN_FLIGHT = 2;
/** The next one waits so long for the one before it, since a commit costs more than many rows. */
const PATIENCE_MS = 20;
/** A statement that is silent for so long may hang for ever, as on a half-open connection. */
const SILENT_MS = 5_000;

export interface BatchOptions<Item, Answer> {
  /** One statement; answers in the order it was given. An answer may take longer than the others. */
  send(items: readonly Item[]): Promise<(Answer | Promise<Answer>)[]>;
  /** Of two items that share a key the second waits for another batch. */
  keyOf(item: Item): string;
  /** About how many characters it sends. */
  lengthOf(item: Item): number;
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  resolve(answer: Answer | Promise<Answer>): void;
  reject(error: unknown): void;
}

/**
 * Lets many calls share one statement. With nothing in flight an item goes out at the end of its
 * turn; otherwise it waits for the statement that is on its way, with all that come meanwhile, but
 * not for long where that one may be blocked.
 *
 * When the server refuses a batch for the sake of one row, each goes out alone. When a connection
 * fails, all of its batch fail, since it is unknown what was written.
 */
export function createBatcher<Item, Answer>(
  options: BatchOptions<Item, Answer>,
): (item: Item) => Promise<Answer> {
  let queue: Waiting<Item, Answer>[] = [];
  let inFlight = 0;
  let awaited = false;
  let scheduled = false;

  const pump = (): void => {
    scheduled = false;
    while (!awaited && inFlight < MAX_IN_FLIGHT && queue.length > 0) {
      const { batch, rest } = take(queue, options);
      queue = rest;
      fly(batch);
    }
  };

  /** Takes a place until the answer is there, or is not to be waited for; a late one still counts. */
  const fly = (batch: readonly Waiting<Item, Answer>[]): void => {
    let flying = true;
    let isAwaited = true;
    const goOn = (): void => {
      if (isAwaited) awaited = false;
      isAwaited = false;
      pump();
    };
    const land = (): void => {
      if (!flying) return;
      flying = false;
      inFlight -= 1;
      goOn();
    };
    inFlight += 1;
    awaited = true;
    const cancels = [timer(PATIENCE_MS, goOn), timer(SILENT_MS, land)];
    void flush(batch).then(() => {
      for (const cancel of cancels) cancel();
      land();
    });
  };

  /** Never rejects. */
  const flush = async (batch: readonly Waiting<Item, Answer>[]): Promise<void> => {
    try {
      const answers = await options.send(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(answers[index] as Answer));
    } catch (error) {
      if (batch.length > 1 && isOneRowsFault(error)) {
        await Promise.all(batch.map((waiting) => flush([waiting])));
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
      endOfTurn(pump);
    });
}

/** Fills a batch from the front of the queue. */
function take<Item, Answer>(
  queue: readonly Waiting<Item, Answer>[],
  { keyOf, lengthOf }: BatchOptions<Item, Answer>,
): { batch: Waiting<Item, Answer>[]; rest: Waiting<Item, Answer>[] } {
  const batch: Waiting<Item, Answer>[] = [];
  const rest: Waiting<Item, Answer>[] = [];
  const keys = new Set<string>();
  let characters = 0;
  for (const waiting of queue) {
    const key = keyOf(waiting.item);
    if (batch.length < MAX_ROWS && characters < MAX_CHARACTERS && !keys.has(key)) {
      keys.add(key);
      batch.push(waiting);
      characters += lengthOf(waiting.item);
    } else {
      rest.push(waiting);
    }
  }
  return { batch, rest };
}
