/** Every reason this kit throws for. */
export type ErrorCode =
  /** An option or an argument is missing or unusable. Thrown before anything is done. */
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
  /** An `admit` or a `verify` of `auth` did not answer within `limits.bodyTimeoutMs`. */
  | "auth_timeout"
  /** The store refused, failed, is full or was silent for `limits.storeTimeoutMs`. */
  | "store_unavailable"
  /** The receiver is draining. */
  | "draining"
  /** The attempt is no longer the one to complete its job: roll back. */
  | "lease_lost"
  /** The store, the auth or the client that the called method needs is not there, or cannot do it. */
  | "unsupported"
  /** A job was submitted and runs, but the store did not note it. `jobId` names it. */
  | "not_expected"
  /** `result` was not there in time. */
  | "result_timeout"
  /** `result` has nothing to answer: the job is a dead letter, or its payload was not kept. */
  | "no_result"
  /** The provider's API refused a request (4xx), and would refuse the same again. */
  | "api_refused"
  /** The provider's API was not reached, was silent, had enough (429) or failed (5xx). Later it may work. */
  | "api_unavailable"
  /** The provider's API answered something else: a redirect, no JSON, no `job_id`, too much. */
  | "api_unexpected";

/** What an `api_*` or `not_expected` error knows beside its code; each field only where it is known. */
export interface ApiErrorDetails {
  /** The HTTP status, where an answer came. */
  readonly status?: number;
  /** The provider's own code, such as `"MODEL_NOT_FOUND"`. */
  readonly providerCode?: string;
  /** The provider's name for the request: quote it when asking for help. */
  readonly requestId?: string;
  /** How long the provider asks to be left alone. At most a day. */
  readonly retryAfterMs?: number;
  /** A submission ended without an id, and yet the job may run: submitting again may pay twice. */
  readonly mayHaveStarted?: true;
  /** The job that was submitted. */
  readonly jobId?: string;
}

const brand: unique symbol = Symbol.for("abstrakt-webhooks.error");

/**
 * The one error class of this kit; switch on `code`.
 *
 * The message says what was expected, what came and what to do. Serialising it yields what it says
 * by its own fields; the cause stays in memory, since it may hold what a log must not.
 */
export class AbstraktWebhookError extends Error {
  readonly code: ErrorCode;
  declare readonly status?: number;
  declare readonly providerCode?: string;
  declare readonly requestId?: string;
  declare readonly retryAfterMs?: number;
  declare readonly mayHaveStarted?: true;
  declare readonly jobId?: string;

  constructor(
    code: ErrorCode,
    message: string,
    options?: { cause?: unknown; details?: ApiErrorDetails },
  ) {
    super(message, options);
    this.name = "AbstraktWebhookError";
    this.code = code;
    Object.assign(this, options?.details);
  }

  /** On the prototype, so that a printed error does not show it. */
  get [brand](): true {
    return true;
  }

  /** JSON leaves out what is not known. */
  toJSON(): Pick<AbstraktWebhookError, "name" | "code" | "message"> & {
    [K in keyof ApiErrorDetails]: ApiErrorDetails[K] | undefined;
  } {
    const { name, code, message, status, providerCode, requestId } = this;
    const { retryAfterMs, mayHaveStarted, jobId } = this;
    const known = { status, providerCode, requestId, retryAfterMs, mayHaveStarted, jobId };
    return { name, code, message, ...known };
  }
}

/** What is wrong with an option or an argument. */
export const invalidOptions = (message: string): AbstraktWebhookError =>
  new AbstraktWebhookError("invalid_options", message);

/** What the called method lacks. */
export const unsupported = (message: string): AbstraktWebhookError =>
  new AbstraktWebhookError("unsupported", message);

/** True for this kit's errors, also when two copies of the kit are loaded. */
export function isAbstraktWebhookError(value: unknown): value is AbstraktWebhookError {
  return typeof value === "object" && value !== null && brand in value;
}

/**
 * Runs `check` for `caller`, a function that users call. The stack of what it throws begins at their
 * own line, not within this kit, where the engine can do that.
 */
export function checkedFor<T>(caller: (...args: never[]) => unknown, check: () => T): T {
  try {
    return check();
  } catch (thrown) {
    const { captureStackTrace } = Error as {
      captureStackTrace?(error: object, above: (...args: never[]) => unknown): void;
    };
    if (isAbstraktWebhookError(thrown)) captureStackTrace?.(thrown, caller);
    throw thrown;
  }
}
