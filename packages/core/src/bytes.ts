import { AbstraktWebhookError } from "./errors.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** UTF-8 bytes of a text. */
export const encodeUtf8 = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text);

/** Text of UTF-8 bytes without a leading byte order mark; `undefined` when they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

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
