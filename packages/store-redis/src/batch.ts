import { toStoreError } from "./store-error.ts";
import { endOfTurn, SILENT_MS, timer } from "./timer.ts";

/** Bounds of one script. */
const MAX_ITEMS = 100;
const MAX_CHARACTERS = 1_000_000;
/** Two: the server works on one while the next fills. */
const MAX_IN_FLIGHT = 2;

/** What a script met at one item. The words are the server's. */
export type Failed = readonly ["failed", words: string];

export interface BatchOptions<Item, Reply> {
  /** One script; answers in the order it was given. */
  send(items: readonly Item[]): Promise<readonly (Reply | Failed)[]>;
  /** About how many characters it sends. */
  lengthOf(item: Item): number;
}

interface Waiting<Item, Reply> {
  readonly item: Item;
  resolve(reply: Reply): void;
  reject(error: unknown): void;
}

/**
 * Lets many calls share one script. With nothing in flight an item goes out at the end of its turn;
 * otherwise it waits for a script that is on its way, with all that come meanwhile. An item that the
 * script fails at fails alone; when the connection does, all of its batch do.
 */
export function createBatcher<Item, Reply extends readonly unknown[] | number>(
  options: BatchOptions<Item, Reply>,
): (item: Item) => Promise<Reply> {
  const queue: Waiting<Item, Reply>[] = [];
  let inFlight = 0;
  let scheduled = false;

  const pump = (): void => {
    scheduled = false;
    while (inFlight < MAX_IN_FLIGHT && queue.length > 0) fly(queue.splice(0, fill()));
  };

  /** How many from the front of the queue make a batch. */
  const fill = (): number => {
    let characters = 0;
    const over = queue.findIndex(({ item }, index) => {
      const isFull = index === MAX_ITEMS || characters > MAX_CHARACTERS;
      characters += options.lengthOf(item);
      return isFull;
    });
    return over < 0 ? queue.length : over;
  };

  /** Takes a place until the answer is there, or is not to be waited for; a late one still counts. */
  const fly = (batch: readonly Waiting<Item, Reply>[]): void => {
    let flying = true;
    const land = (): void => {
      if (!flying) return;
      flying = false;
      inFlight -= 1;
      pump();
    };
    inFlight += 1;
    const cancel = timer(SILENT_MS, land);
    void flush(batch).then(() => {
      cancel();
      land();
    });
  };

  /** Never rejects. */
  const flush = async (batch: readonly Waiting<Item, Reply>[]): Promise<void> => {
    try {
      const replies = await options.send(batch.map(({ item }) => item));
      for (const [index, { resolve, reject }] of batch.entries()) {
        const reply = replies[index] as Reply | Failed;
        if (isFailed(reply)) reject(toStoreError(new Error(reply[1])));
        else resolve(reply);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
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

const isFailed = (reply: unknown): reply is Failed => Array.isArray(reply) && reply[0] === "failed";
