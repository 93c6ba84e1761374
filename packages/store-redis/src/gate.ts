import type { Driver } from "./driver.ts";
import { notConnected, toStoreError } from "./store-error.ts";

/** How long a command waits for the client's first connection. */
const FIRST_CONNECTION_MS = 3_000;

/**
 * Returns `undefined` when a command may be sent, else a promise that rejects if it must not be.
 */
export type Gate = () => Promise<void> | undefined;

/**
 * Keeps commands out of the client's offline queue, which may send them long after the receiver has
 * answered 503. A command waits for the client's first connection. After that, a command fails at
 * once if the connection is lost.
 */
export function createGate({ connection }: Driver): Gate {
  let wasReady = connection === undefined;
  let waiting: Promise<void> | undefined;

  const first = async (): Promise<void> => {
    const { error } = (await connection?.next(FIRST_CONNECTION_MS)) ?? {};
    if (error !== undefined) throw toStoreError(error);
    if (connection?.state() !== "ready") throw notConnected();
    wasReady = true;
  };

  return () => {
    const state = connection?.state() ?? "ready";
    if (state === "ready") {
      wasReady = true;
      return undefined;
    }
    if (wasReady || state === "closed") return Promise.reject(notConnected());
    // All waiting commands share one listener.
    return (waiting ??= first().finally(() => (waiting = undefined)));
  };
}
