import { afterEach, beforeEach, expect, vi } from "vitest";
import {
  type Ack,
  createReceiver,
  type DrainReport,
  type HttpDelivery,
  type JobFailed,
  type JobSucceeded,
  memoryStore,
  type Receiver,
  type ReceiverEvent,
  type ReceiverOptions,
} from "../../src/index.ts";

export const succeeded = (jobId: string, url = "https://cdn.test/a.png"): JobSucceeded => ({
  job_id: jobId,
  status: "succeeded",
  output: { type: "image", items: [{ type: "image", url }] },
});

export const failed = (jobId: string): JobFailed => ({
  job_id: jobId,
  status: "failed",
  error: { code: "PROVIDER_FAILURE", message: "invalid input image" },
});

/** A request as an adapter passes it to the receiver. */
export const post = (payload: unknown, overrides: Partial<HttpDelivery> = {}): HttpDelivery => ({
  method: "POST",
  url: "/api/abstrakt-webhook",
  header: () => undefined,
  body: async () => ({ bytes: new TextEncoder().encode(JSON.stringify(payload)) }),
  ...overrides,
});

/** A result as a store gets it, for the rows that another process has left. */
export const stored = (jobId: string) =>
  ({
    jobId,
    payload: JSON.stringify(succeeded(jobId)),
    fingerprint: "1-a",
    source: "webhook",
  }) as const;

/** Delivers as an adapter does: the work begins after the answer. */
export async function deliver(receiver: Receiver, payload: unknown): Promise<Ack> {
  const ack = await receiver.handle(post(payload));
  void ack.work?.();
  return ack;
}

export const bodyOf = (ack: Ack): unknown => JSON.parse(ack.body);

type EventOf<T extends ReceiverEvent["type"]> = Extract<ReceiverEvent, { type: T }>;

/** A receiver on a memory store, and the events that it emits. */
export function boot(options: Partial<ReceiverOptions> = {}) {
  const events: ReceiverEvent[] = [];
  const receiver = createReceiver({
    auth: "none",
    store: memoryStore(),
    onSucceeded: () => undefined,
    onFailed: () => undefined,
    onEvent: (event) => void events.push(event),
    ...options,
  });
  const of = <T extends ReceiverEvent["type"]>(type: T): EventOf<T>[] =>
    events.filter((event): event is EventOf<T> => event.type === type);
  const warnings = (): string[] => of("warning").map((event) => event.error.code);
  return { receiver, events, of, warnings };
}

export interface Deferred<T = void> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

export function defer<T = void>(): Deferred<T> {
  let resolve: (value: T) => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** Timers and clocks that only `pass` moves, for every test of the file. */
export function useFakeTime(): void {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
}

/** Advances the fake time, and runs what falls due. */
export const pass = async (ms: number): Promise<void> =>
  void (await vi.advanceTimersByTimeAsync(ms));

/** Collects the unhandled rejections of one test; read them after a turn of the event loop. */
export function watchRejections(): unknown[] {
  const seen: unknown[] = [];
  const listen = (reason: unknown): void => void seen.push(reason);
  beforeEach(() => {
    seen.length = 0;
    process.on("unhandledRejection", listen);
  });
  afterEach(() => void process.off("unhandledRejection", listen));
  return seen;
}

/** A memory store that claims to be durable. */
export function durableStore() {
  const store = memoryStore();
  return { ...store, traits: { ...store.traits, durable: true } };
}
export const forEver = () => new Promise<void>(() => undefined);

/** Drains, and fails when the drain does not end within the timeout. */
export async function drained(receiver: Receiver, timeoutMs: number): Promise<DrainReport> {
  const report = receiver.drain({ timeoutMs });
  let ended = false;
  void report.then(() => (ended = true));
  for (let ms = 0; ms < timeoutMs && !ended; ms += 10) await pass(10);
  expect(ended).toBe(true);
  return report;
}
