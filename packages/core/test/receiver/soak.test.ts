import { expect, it } from "vitest";
import { type JobStore, memoryStore } from "../../src/index.ts";
import {
  boot,
  deliver,
  forEver,
  pass,
  succeeded,
  useFakeTime,
  watchRejections,
} from "./support.ts";

useFakeTime();
const rejections = watchRejections();
const wait = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));
const STORE_TIMEOUT_MS = 100;

/** mulberry32: the same seed gives the same run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A store on an unreliable line: it loses calls and replies, or replies late or never. */
function onBadLine(store: JobStore, next: () => number) {
  const line = { bad: true };
  const broken = async (call: () => unknown): Promise<unknown> => {
    const luck = line.bad ? next() : 1;
    if (luck < 0.08) throw new Error("lost on the way there");
    if (luck < 0.1) return forEver();
    const reply = await call();
    if (luck < 0.18) throw new Error("lost on the way back");
    if (luck < 0.24) await wait(STORE_TIMEOUT_MS + 50);
    return reply;
  };
  const members = Object.entries(store).map(([name, member]: [string, unknown]) => {
    if (typeof member !== "function") return [name, member];
    return [name, (...args: unknown[]) => broken(() => member(...args))];
  });
  return { line, store: Object.fromEntries(members) as JobStore };
}

it.each(Array.from({ length: 25 }, (_, seed) => seed))(
  "each acknowledged result is handled once, with an unreliable store and failing callbacks: seed %i",
  async (seed) => {
    const next = random(seed);
    const inner = memoryStore();
    const { line, store } = onBadLine(inner, next);
    const handled = new Map<string, number>();
    const { receiver, of } = boot({
      store,
      ack: next() < 0.3 ? "handled" : "stored",
      retry: { maxAttempts: 99, minDelayMs: 10, maxDelayMs: 500 },
      limits: {
        concurrency: 4,
        storeTimeoutMs: STORE_TIMEOUT_MS,
        handlerTimeoutMs: 2_000,
        ackTimeoutMs: 500,
      },
      async onSucceeded({ job_id }) {
        if (next() < 0.05) await forEver();
        await wait(300 * next());
        if (next() < 0.2) throw new Error("a bad day");
        handled.set(job_id, (handled.get(job_id) ?? 0) + 1);
      },
    });
    receiver.start();
    const ids = Array.from({ length: 40 }, (_, index) => `job_${index}`);
    const sending = ids.map(async (id) => {
      await wait(3_000 * next());
      for (;;) {
        const { status } = await deliver(receiver, succeeded(id));
        if (status === 200 && next() < 0.7) return;
        await wait(1_000 * next());
      }
    });
    await pass(30_000);
    line.bad = false;
    await pass(600_000);
    await Promise.all(sending);

    await receiver.idle();
    expect([...handled.keys()].sort()).toEqual([...ids].sort());
    expect([...handled].filter(([, times]) => times !== 1)).toEqual([]);
    expect(await inner.stats()).toMatchObject({ done: 40, pending: 0, leased: 0, dead: 0 });
    expect(
      of("done")
        .map((event) => event.jobId)
        .sort(),
    ).toEqual([...ids].sort());
    const drained = receiver.drain();
    await pass(0);
    expect(await drained).toEqual({ settled: 0, released: 0, lost: 0 });
    expect(rejections).toEqual([]);
  },
);
