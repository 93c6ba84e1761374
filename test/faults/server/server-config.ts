import type { StoreAddress } from "../backends/store-address.ts";

/** A point where a server kills itself, as `kill -9` would. */
export const FAILPOINTS = [
  "before write",
  "after write",
  "after ack",
  "in callback",
  "before settle",
  "after settle",
] as const;

export type Failpoint = (typeof FAILPOINTS)[number];

/** All settings of a server process, in its environment variable FAULTS. */
export interface ServerConfig {
  /** Its name in the history. */
  readonly by: string;
  /** The history that it writes to. */
  readonly history: string;
  readonly store: StoreAddress;
  readonly leaseMs: number;
  readonly storeTimeoutMs: number;
  readonly maxAttempts: number;
  readonly drainMs: number;
  /** The server is killed when this point is reached for the `nth` time. */
  readonly failpoint?: { readonly at: Failpoint; readonly nth: number };
  /** Milliseconds that its host's clock is ahead. Default 0. */
  readonly aheadMs?: number;
  /** Its callbacks do not wait. */
  readonly quick?: boolean;
  /** The name of a planted fault. */
  readonly plantedFault?: string;
}
