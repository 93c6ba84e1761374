import { AbstraktWebhookError } from "./errors.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** UTF-8 bytes of a text. */
export const encodeUtf8 = (text: string): Uint8Array => encoder.encode(text);

/** Text of UTF-8 bytes without a leading byte order mark; `undefined` when they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The error that adapters throw as soon as more than `maxBytes` have come. */
export const tooLarge = (maxBytes: number): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "body_too_large",
    `Expected a body of at most ${maxBytes} bytes (limits.maxBodyBytes); more came.`,
  );

/** Joins chunks, without a copy when there is only one. */
export function joinBytes(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = chunks;
  if (chunks.length === 1 && first !== undefined) return first;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return joined;
}
