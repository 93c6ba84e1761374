import { AbstraktWebhookError } from "./errors.ts";

/** Gathers a body chunk by chunk, counting the bytes that come and not those that were announced. */
export interface ByteCollector {
  /** @throws AbstraktWebhookError `body_too_large`, and lets go of what it has. */
  add(chunk: Uint8Array): void;
  /** All of it; no copy when it came in one piece. */
  bytes(): Uint8Array;
}

/** A collector that takes at most `maxBytes`. */
export function collectBytes(maxBytes: number): ByteCollector {
  let chunks: Uint8Array[] = [];
  let length = 0;
  return {
    add(chunk) {
      length += chunk.byteLength;
      if (length > maxBytes) {
        chunks = [];
        throw tooLarge(maxBytes);
      }
      chunks.push(chunk);
    },
    bytes() {
      const [first] = chunks;
      if (chunks.length === 1 && first !== undefined) return first;
      const joined = new Uint8Array(length);
      let offset = 0;
      for (const chunk of chunks) {
        joined.set(chunk, offset);
        offset += chunk.byteLength;
      }
      return joined;
    },
  };
}

export const tooLarge = (maxBytes: number): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "body_too_large",
    `Expected a body of at most ${maxBytes} bytes (limits.maxBodyBytes).`,
  );

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
