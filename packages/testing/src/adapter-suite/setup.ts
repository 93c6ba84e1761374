import type { ReceiverOptions } from "@abstrakt-webhooks/core";

/**
 * What the callbacks do: succeed, throw, reject with an Error or with `undefined`, throw a string,
 * never end, end when `release` is called, end after `slowMs`, or fail only the first time.
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
 * Describes the endpoint that a test needs. It is plain data, so it can be sent to another process,
 * where `createSubject` makes the receiver.
 */
export interface AdapterSetup {
  /** Default `"ok"`. */
  readonly callback?: CallbackKind;
  /** How long a `"slow"` callback takes. */
  readonly slowMs?: number;
  /** Polls of expected jobs are answered at once, or when `release` is called. Default `"ok"`. */
  readonly poll?: "ok" | "held";
  /**
   * `"token"` accepts a token that begins with `suite-`, as `?token=` or as bearer, and binds the
   * delivery to it. `"throws"` throws. `"signature"` accepts bodies that `sign` has signed. Default
   * `"none"`.
   */
  readonly auth?: "none" | "token" | "throws" | "signature";
  /** A memory store, or one whose `ingest` always rejects or never answers. Default `"memory"`. */
  readonly store?: "memory" | "failing" | "silent";
  /**
   * With `"throws"` the host's `setImmediate` throws from the moment a result is stored until that
   * turn of the event loop is over: while the request is answered and its work is started.
   */
  readonly immediate?: "throws";
  /** `maxLive` of the memory store. */
  readonly maxLive?: number;
  readonly ack?: NonNullable<ReceiverOptions["ack"]>;
  readonly retry?: NonNullable<ReceiverOptions["retry"]>;
  readonly limits?: NonNullable<ReceiverOptions["limits"]>;
}
