import { encodeUtf8 } from "./bytes.ts";

// A leading byte order mark is part of the text here.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Bytes in the alphabet of URLs, without padding (RFC 4648, section 5). */
export const toBase64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

/** The bytes of a text that `toBase64url` wrote, and of no other: one text per value. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return undefined;
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return toBase64url(bytes) === text ? bytes : undefined;
}

/** A text as base64url of its UTF-8. */
export const encodeText = (text: string): string => toBase64url(encodeUtf8(text));

/** The text that `encodeText` was given; `undefined` when it was not given one. */
export function decodeText(encoded: string): string | undefined {
  const bytes = fromBase64url(encoded);
  if (bytes === undefined) return undefined;
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
