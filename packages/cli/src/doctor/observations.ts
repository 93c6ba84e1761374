import type { Exchange } from "../delivery/send.ts";

/** What an endpoint answered to everything that `doctor` sent. */
export interface Observations {
  /** A status that starts no callback, as a measure of the way to the endpoint. */
  readonly pending: Exchange;
  /** A new result. */
  readonly first: Exchange;
  /** Where a redirect of that result pointed; the rest was sent there. */
  readonly redirectedTo?: string;
  /** The same result again, after the answer to the first. */
  readonly repeat: Exchange;
  /** A new result, several times at once. */
  readonly burst: readonly Exchange[];
  /** The opposite result of the same job. */
  readonly contradiction: Exchange;
  /** Bodies that are no result. */
  readonly garbage: readonly Exchange[];
  /** A result of 8 MB. */
  readonly oversized: Exchange;
  /** Bodies that a middleware may have read before the handler. */
  readonly drained: readonly Exchange[];
  /** GET in the place of POST. */
  readonly wrongMethod: Exchange;
  /** Results without a token and with a false one; empty when no secret is known. */
  readonly unsigned: readonly Exchange[];
  /** A request after one that ended in the middle of its body. */
  readonly afterAbort: Exchange;
}

/** A text that is part of a broken body, and has no business in an answer. */
export const CANARY = "doctor_canary";
