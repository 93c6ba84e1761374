import type { DeadLetters, JobStore } from "@abstrakt-webhooks/core";

/** How long a connection to a server may take. */
export const CONNECT_TIMEOUT_MS = 5_000;

/**
 * The methods that the commands call. They use no receiver, because a receiver without callbacks
 * would claim a redriven job and settle it.
 */
export type InspectedStore = Pick<JobStore, "get"> & DeadLetters;

/** A store and its connection. */
export interface OpenStore {
  readonly store: InspectedStore;
  close(): Promise<void>;
}

/** Names a store. */
export interface StoreLocation {
  readonly url: string;
  readonly namespace: string;
  /** The folder of the user's project. Its drivers are used first. */
  readonly cwd: string;
}
