import type { ReceiverOptions } from "@abstrakt-webhooks/core";

/**
 * What the callbacks do: end well, throw, reject with an Error or with `undefined`, throw a string,
 * never end, end when `release` is called, end after `slowMs`, or fail the first time only.
 */
export type CallbackKind =
  | "ok"
  | "throw"
  | "reject"
  | "reject-undefined"
  | "throw-string"
  | "hang"
  | "held"
  | "slow"
  | "fail-once";

/**
 * The endpoint that a test wants, as plain data: it can be sent to another process, where
 * `createSubject` makes a receiver of it.
 */
export interface AdapterSetup {
  /** Default `"ok"`. */
  readonly callback?: CallbackKind;
  /** How long a `"slow"` callback takes. */
  readonly slowMs?: number;
  /** Polls of expected jobs are answered at once, or when `release` is called. Default `"ok"`. */
  readonly poll?: "ok" | "held";
  /**
   * `"token"` lets in who shows a token that begins with `suite-`, as `?token=` or as bearer, and
   * binds the delivery to it; `"throws"` fails. Default `"none"`.
   */
  readonly auth?: "none" | "token" | "throws";
  /** A memory store, one whose every ingest rejects, or one that never answers an ingest. Default `"memory"`. */
  readonly store?: "memory" | "failing" | "silent";
  /** The memory store's bound on rows that are not done. */
  readonly maxLive?: number;
  readonly ack?: NonNullable<ReceiverOptions["ack"]>;
  readonly retry?: NonNullable<ReceiverOptions["retry"]>;
  readonly limits?: NonNullable<ReceiverOptions["limits"]>;
}
