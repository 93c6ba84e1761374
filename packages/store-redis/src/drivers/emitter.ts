import { timer } from "@abstrakt-webhooks/core/store";

interface Emitter {
  on(event: string, listener: (value?: unknown) => void): unknown;
  off(event: string, listener: (value?: unknown) => void): unknown;
}

/** Whether a value is an object that has these methods. */
export const has = (value: unknown, ...methods: string[]): boolean =>
  typeof value === "object" &&
  value !== null &&
  methods.every((method) => typeof (value as Record<string, unknown>)[method] === "function");

/** Waits at most `timeoutMs` for a client to be ready, to fail or to end. */
export function readyOrError(client: unknown, timeoutMs: number): Promise<{ error?: unknown }> {
  const emitter = client as Emitter;
  return new Promise((resolve) => {
    const settle = (outcome: { error?: unknown }): void => {
      cancel();
      emitter.off("ready", over);
      emitter.off("end", over);
      emitter.off("error", failed);
      resolve(outcome);
    };
    const over = (): void => settle({});
    const failed = (error: unknown): void => settle({ error });
    const cancel = timer(timeoutMs, over);
    emitter.on("ready", over);
    emitter.on("end", over);
    emitter.on("error", failed);
  });
}

/** Counts how often a client becomes ready, from the first call on. */
export function connectionCounter(client: unknown): () => number {
  let count: number | undefined;
  return () => {
    if (count === undefined) {
      count = 0;
      (client as Emitter).on("ready", () => void (count = (count ?? 0) + 1));
    }
    return count;
  };
}
