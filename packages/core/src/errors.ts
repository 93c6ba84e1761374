/** Every reason for which this kit throws. */
export type ErrorCode =
  /** An option or an argument is missing or unusable. Thrown before anything is done. */
  | "invalid_options"
  /** Not UTF-8 JSON, nested too deep, or without a usable `job_id`. */
  | "malformed"
  /** Other code has read the body and kept nothing of it that can be used. */
  | "body_consumed"
  /** The sender closed the connection before the body was complete. */
  | "body_aborted"
  /** The body is larger than `limits.maxBodyBytes`. */
  | "body_too_large"
  /** The body was not complete after `limits.bodyTimeoutMs`. */
  | "body_timeout"
  /** The body is still compressed. */
  | "content_encoding"
  /** An `admit` or a `verify` of `auth` did not answer within `limits.bodyTimeoutMs`. */
  | "auth_timeout"
  /** The store refused, failed, is full or was silent for `limits.storeTimeoutMs`. */
  | "store_unavailable"
  /** The receiver is draining. */
  | "draining"
  /** The attempt has lost its lease, so it cannot complete the job. Roll back. */
  | "lease_lost"
  /** The store, the auth or the client cannot do what the called method needs, or is missing. */
  | "unsupported"
  /** A job was submitted and runs, but the store has no row for it. `jobId` names the job. */
  | "not_expected"
  /** The job had no result within the timeout of `result`. */
  | "result_timeout"
  /** There is no result to return: the job is a dead letter, or the store dropped its payload. */
  | "no_result"
  /** The provider's API refused a request (4xx), and would refuse the same again. */
  | "api_refused"
  /** No connection to the provider's API, no answer, 429 or 5xx. A later request may succeed. */
  | "api_unavailable"
  /** The provider's API answered with a redirect, no JSON, no `job_id` or too large a body. */
  | "api_unexpected"
  /** `hosts` does not allow the URL of a job's file, or a URL that it redirects to. */
  | "output_refused"
  /** A job's file is larger than `maxBytes`. */
  | "output_too_large"
  /** A job's file did not come, or not whole. */
  | "output_unavailable";

/** Fields of an `api_*`, `output_*` or `not_expected` error. Each is present only when it is known. */
export interface ApiErrorDetails {
  /** The HTTP status, if there was an answer. */
  readonly status?: number;
  /** The provider's own code, such as `"MODEL_NOT_FOUND"`. */
  readonly providerCode?: string;
  /** The provider's id for the request. Quote it when you ask the provider for help. */
  readonly requestId?: string;
  /** How long the provider asks you to wait before the next request. At most a day. */
  readonly retryAfterMs?: number;
  /**
   * A submission failed, but the provider may have started the job. A second one may cost twice.
   */
  readonly mayHaveStarted?: true;
  /** The job that was submitted. */
  readonly jobId?: string;
  /** The place of a job's file in `output.items`. */
  readonly index?: number;
}

const brand: unique symbol = Symbol.for("abstrakt-webhooks.error");

/**
 * The one error class of this kit; switch on `code`.
 *
 * The message says what was expected, what came and what to do. JSON contains the error's own
 * fields but not its cause, because the cause may contain secrets.
 */
export class AbstraktWebhookError extends Error {
  readonly code: ErrorCode;
  declare readonly status?: number;
  declare readonly providerCode?: string;
  declare readonly requestId?: string;
  declare readonly retryAfterMs?: number;
  declare readonly mayHaveStarted?: true;
  declare readonly jobId?: string;
  declare readonly index?: number;

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

  /** A getter on the prototype, so that a printed error does not show it. */
  get [brand](): true {
    return true;
  }

  /** JSON omits the fields that are undefined. */
  toJSON(): Pick<AbstraktWebhookError, "name" | "code" | "message"> & {
    [K in keyof ApiErrorDetails]: ApiErrorDetails[K] | undefined;
  } {
    const { name, code, message, status, providerCode, requestId } = this;
    const { retryAfterMs, mayHaveStarted, jobId, index } = this;
    const known = { status, providerCode, requestId, retryAfterMs, mayHaveStarted, jobId, index };
    return { name, code, message, ...known };
  }
}

/** Makes the error for an option or an argument that is not usable. */
export const invalidOptions = (message: string): AbstraktWebhookError =>
  new AbstraktWebhookError("invalid_options", message);

/** Makes the error for a method that this configuration does not support. */
export const unsupported = (message: string): AbstraktWebhookError =>
  new AbstraktWebhookError("unsupported", message);

/** True for this kit's errors, also when two copies of the kit are loaded. */
export function isAbstraktWebhookError(value: unknown): value is AbstraktWebhookError {
  return typeof value === "object" && value !== null && brand in value;
}

/**
 * Runs `check` for `caller`, a function that users call. The stack of an error then begins at the
 * user's line and not inside this kit, if the engine supports that.
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
