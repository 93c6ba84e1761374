const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });
/** Keeps a leading byte order mark as part of the text. */
const exactDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** UTF-8 bytes of a text. */
export const encodeUtf8 = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text);

/** Writes UTF-8 bytes of a text into an array, as far as they fit. */
export const encodeUtf8Into = (
  text: string,
  bytes: Uint8Array<ArrayBuffer>,
): { read: number; written: number } => encoder.encodeInto(text, bytes);

/** Text of UTF-8 bytes without a leading byte order mark; `undefined` when they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Encodes bytes as base64url without padding (RFC 4648, section 5). */
export const toBase64url = (bytes: Uint8Array): string =>
  encodeBinary(String.fromCharCode(...bytes));

/** The same for a text with one character for each byte. */
const encodeBinary = (binary: string): string => toUrlAlphabet(btoa(binary)).replaceAll("=", "");

/** Decodes exactly the texts that `toBase64url` makes; `undefined` for every other text. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return undefined;
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  if (encodeBinary(binary) !== text) return undefined;
  const bytes = new Uint8Array(binary.length);
  // `Uint8Array.from` takes several times as long.
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** The bytes of a text in the usual alphabet (RFC 4648, section 4), with or without its padding. */
export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> | undefined =>
  /[-_]/.test(text) ? undefined : fromBase64url(toUrlAlphabet(text.replace(/={1,2}$/, "")));

/** The same bytes in base64url. */
export const toUrlAlphabet = (base64: string): string =>
  base64.replaceAll("+", "-").replaceAll("/", "_");

/** A text as base64url of its UTF-8. */
export const encodeText = (text: string): string => toBase64url(encodeUtf8(text));

/** The reverse of `encodeText`; `undefined` when `encoded` is not one of its results. */
export function decodeText(encoded: string): string | undefined {
  const bytes = fromBase64url(encoded);
  if (bytes === undefined) return undefined;
  try {
    return exactDecoder.decode(bytes);
  } catch {
    return undefined;
  }
}
