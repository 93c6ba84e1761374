import type { DeadLetters, JobStore } from "@abstrakt-webhooks/core";

/** How long a server has to take a connection. */
export const CONNECT_TIMEOUT_MS = 5_000;

/** What the commands call: never a receiver, which without callbacks would settle what it claims. */
export type InspectedStore = Pick<JobStore, "get"> & DeadLetters;

/** A store and what ends its connection. */
export interface OpenStore {
  readonly store: InspectedStore;
  close(): Promise<void>;
}

/** Where a store is. */
export interface StoreLocation {
  readonly url: string;
  readonly namespace: string;
  /** The user's project, whose drivers are taken first. */
  readonly cwd: string;
}
