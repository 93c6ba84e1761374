import { type ErrorCode, isAbstraktWebhookError } from "../../errors.ts";
import type { DeliveryReport } from "../store-delivery.ts";
import type { Ack, HttpDelivery } from "../receiver.ts";

const RETRY_AFTER_SECONDS = "5";

const answer = (status: number, body: object, headers: Record<string, string> = {}): Ack => {
  const text = JSON.stringify(body);
  // Every body is ASCII, so its length in characters is its length in bytes.
  return Object.freeze({
    status,
    headers: Object.freeze({
      "content-type": "application/json",
      "content-length": String(text.length),
      ...headers,
    }),
    body: text,
  });
};

const refusal = (
  status: number,
  code: string,
  message: string,
  headers?: Record<string, string>,
): Ack => answer(status, { received: false, error: { code, message } }, headers);

const retryLater = (code: string, message: string): Ack =>
  refusal(503, code, message, { "retry-after": RETRY_AFTER_SECONDS });

/** The result is stored, now or earlier. */
export const accepted = {
  stored: answer(200, { received: true }),
  duplicate: answer(200, { received: true, duplicate: true }),
  conflict: answer(200, { received: true, conflict: true }),
  ignored: answer(200, { received: true, ignored: true }),
} as const;

/** The delivery is refused. Only after a 503 may a second delivery succeed. */
export const refused = {
  methodNotAllowed: refusal(
    405,
    "method_not_allowed",
    "This is a webhook endpoint. It takes results by POST only.",
    {
      allow: "POST",
    },
  ),
  unauthorized: refusal(401, "unauthorized", "This delivery is not authorised."),
  internal: refusal(500, "internal", "The receiver failed; its own events say why."),
  notHandled: retryLater("not_handled", "The result is not handled yet. Deliver it again later."),
} as const;

const byCode: Partial<Record<ErrorCode, Ack>> = {
  malformed: refusal(400, "malformed", "Expected a JSON object in UTF-8 with a usable job_id."),
  body_consumed: refusal(400, "body_consumed", "The body was read before it reached the receiver."),
  body_aborted: refusal(400, "body_aborted", "The body ended early."),
  body_timeout: refusal(408, "body_timeout", "The body did not arrive in time."),
  body_too_large: refusal(413, "body_too_large", "The body is too large."),
  content_encoding: refusal(415, "content_encoding", "Send the body without content-encoding."),
  auth_timeout: retryLater(
    "auth_timeout",
    "The delivery could not be checked in time. Deliver it again later.",
  ),
  store_unavailable: retryLater(
    "store_unavailable",
    "The result could not be stored. Deliver it again later.",
  ),
  draining: retryLater("draining", "The receiver is draining. Deliver it again later."),
};

/** The answer to an error: by its code, or 500 for an error that is not of this kit. */
export function refusalFor(thrown: unknown): Ack {
  return (isAbstraktWebhookError(thrown) && byCode[thrown.code]) || refused.internal;
}

/** The answer to what the store did with the delivery. */
export function answerTo(outcome: DeliveryReport["outcome"]): Ack {
  switch (outcome.kind) {
    case "leased":
    case "stored":
      return accepted.stored;
    case "duplicate":
      return accepted.duplicate;
    case "conflict":
      return accepted.conflict;
    case "parked":
    case "ignored":
      return accepted.ignored;
  }
}

/**
 * Adds `connection: close`, because the process is about to end and would cut off the next request
 * on the connection. Other answers may leave the body unread, and closing would then cut off the
 * answer.
 */
export function asLast(ack: Ack, { httpVersionMajor = 1 }: HttpDelivery): Ack {
  if (httpVersionMajor > 1) return ack;
  if (ack.status !== 200 && ack.status !== 503) return ack;
  return { ...ack, headers: { ...ack.headers, connection: "close" } };
}
