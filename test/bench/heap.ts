/**
 * How much heap the memory store keeps of each done job, and how much a `Map` from an id to its
 * fingerprint does, which is what one cannot do without.
 *
 *     pnpm bench heap
 *
 * @module
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createReceiver, memoryStore, type Receiver } from "@abstrakt-webhooks/core";
import { postBy } from "./delivery.ts";

/** How many bytes a million remembered ids may take each. */
const MAX_BYTES = 220;
const SIZES = [1_000, 10_000, 100_000, 1_000_000];

interface Kept {
  readonly ids: number;
  /** After as many jobs as are remembered. */
  readonly filled: number;
  /** After half as many again, each in the place of an older one. */
  readonly replaced: number;
  /** Outside the heap, in buffers. */
  readonly buffers: number;
  readonly floor: number;
}

/** Measures each size. Answers whether the bound is met. */
export async function benchHeap(): Promise<boolean> {
  const sizes: Kept[] = [];
  await keep(1_000); // loads and compiles what would be counted otherwise
  for (const ids of SIZES) sizes.push({ ...(await keep(ids)), floor: keepInMap(ids) });
  const last = sizes.at(-1)?.replaced ?? Infinity;
  console.log(
    [
      "Bytes of heap for each remembered id, memory store",
      ...sizes.map(toLine),
      `  at most ${MAX_BYTES} at a million: ${last <= MAX_BYTES ? "met" : "MISSED"}`,
      "",
    ].join("\n"),
  );
  return last <= MAX_BYTES;
}

const toLine = ({ ids, filled, replaced, buffers, floor }: Kept): string =>
  `  ${ids.toLocaleString("en").padStart(9)} ids: ${filled.toFixed(0)}, when older ones make way ${replaced.toFixed(0)}, in buffers ${buffers.toFixed(0)}; Map of id to fingerprint ${floor.toFixed(0)}`;

async function keep(ids: number): Promise<Omit<Kept, "floor">> {
  const { receiver, kept } = await remember(ids, () => undefined);
  await receiver.drain();
  return kept;
}

/** A receiver whose memory store remembers so many done jobs, and what it keeps of each. */
export async function remember(
  ids: number,
  onSucceeded: () => void,
): Promise<{ receiver: Receiver; kept: Omit<Kept, "floor"> }> {
  const before = used();
  const store = memoryStore({ maxDone: ids });
  const receiver = createReceiver({ auth: "none", store, onSucceeded });
  const deliver = async (first: number, count: number): Promise<void> => {
    for (let index = first; index < first + count; index += 1) {
      await receiver.ingest(JSON.parse(postBy.unsigned(index).body.toString()));
      if (index % 100 === 0) await receiver.idle();
    }
    await receiver.idle();
  };
  await deliver(0, ids);
  const filled = used();
  await deliver(ids, ids / 2);
  const replaced = used();
  const { done } = await store.stats();
  if (done !== ids) throw new Error(`Expected ${ids} done jobs, got ${done}.`);
  const kept = {
    ids,
    filled: (filled.heapUsed - before.heapUsed) / ids,
    replaced: (replaced.heapUsed - before.heapUsed) / ids,
    buffers: (replaced.arrayBuffers - before.arrayBuffers) / ids,
  };
  return { receiver, kept };
}

function keepInMap(ids: number): number {
  const before = used();
  const map = new Map<string, string>();
  for (let index = 0; index < ids; index += 1) {
    // Parsed, because V8 keeps a concatenated text as its pieces.
    const job: { job_id: string; status: string } = JSON.parse(
      postBy.unsigned(index).body.toString(),
    );
    map.set(job.job_id, JSON.parse(`"1${String(index).padStart(11, "0")}"`));
  }
  const bytes = (used().heapUsed - before.heapUsed) / ids;
  if (map.size !== ids) throw new Error(`Expected ${ids} entries, got ${map.size}.`);
  return bytes;
}

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

function used(): NodeJS.MemoryUsage {
  gc();
  gc();
  return process.memoryUsage();
}
