import type { Driver } from "./driver.ts";
import { notConnected, toStoreError } from "./store-error.ts";

/** How long the first connection is waited for. */
const FIRST_CONNECTION_MS = 3_000;

/** Answers nothing when a command may go, else what rejects if it must not. */
export type Gate = () => Promise<void> | undefined;

/**
 * Keeps commands out of the client's offline queue, where they would wait for nobody knows how long
 * and then be carried out after all. Once the client has been connected, a lost connection fails at
 * once; the first one is waited for.
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
    // One listener for all who wait.
    return (waiting ??= first().finally(() => (waiting = undefined)));
  };
}
