import type { Exchange } from "../delivery/send.ts";

/** What an endpoint answered to everything that `doctor` sent. */
export interface Observations {
  /** The status of a running job. It runs no callback, so it shows how slow the network is. */
  readonly pending: Exchange;
  /** A new result. */
  readonly first: Exchange;
  /** The URL that the answer to a new result redirects to. All other requests use it. */
  readonly redirectedTo?: string;
  /** The same result again, after the answer to the first. */
  readonly repeat: Exchange;
  /** A new result that was sent several times at the same time. */
  readonly burst: readonly Exchange[];
  /** The opposite result of the same job. */
  readonly contradiction: Exchange;
  /** Bodies that are not a result. */
  readonly garbage: readonly Exchange[];
  /** A result of 8 MB. */
  readonly oversized: Exchange;
  /** Bodies that a middleware may have read before the handler. */
  readonly drained: readonly Exchange[];
  /** GET instead of POST. */
  readonly wrongMethod: Exchange;
  /** Results without a token and with a false one. Empty if there is no secret. */
  readonly unsigned: readonly Exchange[];
  /** A request after one whose body ended early. */
  readonly afterAbort: Exchange;
}

/** A text in a broken body. No answer may contain it. */
export const CANARY = "doctor_canary";
