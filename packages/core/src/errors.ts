/** Every reason this kit throws for. */
export type ErrorCode =
  /** An option is missing or out of range. Thrown at construction. */
  | "invalid_options"
  /** Not UTF-8 JSON, nested too deep, or without a usable `job_id`. */
  | "malformed"
  /** The body was read by somebody else and is gone. */
  | "body_consumed"
  /** The sender went away in mid-body. */
  | "body_aborted"
  /** The body is larger than `limits.maxBodyBytes`. */
  | "body_too_large"
  /** The body was not complete after `limits.bodyTimeoutMs`. */
  | "body_timeout"
  /** The body is compressed and nobody has inflated it. */
  | "content_encoding"
  /** The store refused, failed, is full or was silent for `limits.storeTimeoutMs`. */
  | "store_unavailable"
  /** The receiver is draining. */
  | "draining"
  /** The store lacks the capability that the called method needs. */
  | "unsupported";

const brand: unique symbol = Symbol.for("abstrakt-webhooks.error");

/**
 * The one error class of this kit; switch on `code`.
 *
 * The message says what was expected, what came and what to do. Serialising it yields name, code
 * and message: the cause stays in memory, since it may hold what a log must not.
 */
export class AbstraktWebhookError extends Error {
  readonly code: ErrorCode;
  readonly [brand]: true = true;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "AbstraktWebhookError";
    this.code = code;
  }

  toJSON(): { name: string; code: ErrorCode; message: string } {
    return { name: this.name, code: this.code, message: this.message };
  }
}

/** True for this kit's errors, also when two copies of the kit are loaded. */
export function isAbstraktWebhookError(value: unknown): value is AbstraktWebhookError {
  return typeof value === "object" && value !== null && brand in value;
}
