import { AbstraktWebhookError } from "./errors.ts";

/** The body was read by somebody else, who left nothing. */
export const bodyConsumed = (): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "body_consumed",
    "Expected an unread body or a parsed one, but nothing is left of it. Mount the receiver before whatever reads it.",
  );

/** The sender went away in mid-body. */
export const bodyAborted = (cause?: unknown): AbstraktWebhookError =>
  new AbstraktWebhookError("body_aborted", "Expected the whole body, but the sender went away.", {
    cause,
  });

/**
 * Refuses a body that is still compressed: inflating it could make any size of a small one.
 *
 * @throws AbstraktWebhookError `content_encoding`.
 */
export function requireIdentity(contentEncoding: string | null | undefined): void {
  const encoding = contentEncoding?.trim().toLowerCase() ?? "";
  if (encoding === "" || encoding === "identity") return;
  throw new AbstraktWebhookError(
    "content_encoding",
    "Expected a body without content-encoding. Inflate it before the receiver, or have it sent plainly.",
  );
}
