import type { ReceiverOptions } from "@abstrakt-webhooks/core";

/**
 * The behaviour of the callbacks, in this order: succeed, throw, reject with an Error or with
 * `undefined`, throw a string, never end, end at `release`, end after `slowMs`, fail only once.
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
 * Describes the endpoint that a test needs. It is plain data, so that a harness can send it to
 * another process and call `createSubject` there.
 */
export interface AdapterSetup {
  /** Default `"ok"`. */
  readonly callback?: CallbackKind;
  /** How long a `"slow"` callback takes. */
  readonly slowMs?: number;
  /** Polls are answered at once (`"ok"`) or at `release` (`"held"`). Default `"ok"`. */
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
   * With `"throws"` the host's `setImmediate` throws after a result is stored, until that turn of
   * the event loop ends. The receiver answers the request and starts the attempt in this time.
   */
  readonly immediate?: "throws";
  /** `maxLive` of the memory store. */
  readonly maxLive?: number;
  readonly ack?: NonNullable<ReceiverOptions["ack"]>;
  readonly retry?: NonNullable<ReceiverOptions["retry"]>;
  readonly limits?: NonNullable<ReceiverOptions["limits"]>;
}
