import type { StoreAddress } from "../backends/store-address.ts";

/** Where a server kills itself, as `kill -9` would. */
export const FAILPOINTS = [
  "before write",
  "after write",
  "after ack",
  "in callback",
  "before settle",
  "after settle",
] as const;

export type Failpoint = (typeof FAILPOINTS)[number];

/** All that a server process is told, by the variable FAULTS of its environment. */
export interface ServerConfig {
  /** Its name in the history. */
  readonly by: string;
  /** The history that it appends to. */
  readonly history: string;
  readonly store: StoreAddress;
  readonly leaseMs: number;
  readonly storeTimeoutMs: number;
  readonly maxAttempts: number;
  readonly drainMs: number;
  /** Dies when this point is reached for the `nth` time. */
  readonly failpoint?: { readonly at: Failpoint; readonly nth: number };
  /** How far its host's clock is ahead. Default 0. */
  readonly aheadMs?: number;
  /** Its callbacks wait for nothing. */
  readonly quick?: boolean;
  /** A planted fault, by its name. */
  readonly plantedFault?: string;
}
