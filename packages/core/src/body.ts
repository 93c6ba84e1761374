import { AbstraktWebhookError } from "./errors.ts";

/** Gathers a body chunk by chunk, counting the bytes that come and not those that were announced. */
export interface ByteCollector {
  /**
   * @throws AbstraktWebhookError `body_too_large` at the first byte over the limit, and at more empty
   * chunks than bytes are allowed, since a stream of those never ends.
   */
  add(chunk: Uint8Array): void;
  /** All of it; no copy when it came in one piece. */
  bytes(): Uint8Array;
}

/**
 * A collector that takes at most `maxBytes`. It copies chunks into one buffer that grows, and so
 * holds at most twice `maxBytes`, however small the chunks are.
 */
export function collectBytes(maxBytes: number): ByteCollector {
  let buffer: Uint8Array = NOTHING;
  let length = 0;
  let emptyChunks = 0;
  return {
    add(chunk) {
      const end = length + chunk.byteLength;
      if (chunk.byteLength === 0) emptyChunks += 1;
      if (end > maxBytes || emptyChunks > maxBytes) {
        buffer = NOTHING;
        length = Infinity;
        throw tooLarge(maxBytes);
      }
      if (length === 0) buffer = chunk;
      else {
        // The first chunk is the sender's own and exactly full, so the second one leads to a copy.
        if (end > buffer.byteLength) buffer = grow(buffer, Math.max(end, 2 * length), maxBytes);
        buffer.set(chunk, length);
      }
      length = end;
    },
    bytes: () => (length === buffer.byteLength ? buffer : buffer.subarray(0, length)),
  };
}

const NOTHING = new Uint8Array();

function grow(buffer: Uint8Array, byteLength: number, maxBytes: number): Uint8Array {
  const grown = new Uint8Array(Math.min(byteLength, maxBytes));
  grown.set(buffer);
  return grown;
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

/** A form parser has split the JSON text at `&` and `=`, and so has lost it. */
export const bodyTakenApart = (): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "body_consumed",
    "Expected the body as JSON, but a form parser such as `express.urlencoded()` has taken it apart. Mount the receiver before that parser, or have the sender name the type `application/json`.",
  );

/** A host offers the parsed body by a getter, and the getter throws: the body is no JSON. */
export const bodyUnreadable = (cause: unknown): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "malformed",
    "Expected `request.body` to be the parsed body, but reading that property throws. Send the body as JSON.",
    { cause },
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
  const encodings = contentEncoding?.toLowerCase().split(",") ?? [];
  if (encodings.every((encoding) => ["", "identity"].includes(encoding.trim()))) return;
  throw new AbstraktWebhookError(
    "content_encoding",
    "Expected a body without content-encoding. Inflate it before the receiver, or have it sent plainly.",
  );
}
