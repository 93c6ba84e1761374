import { decodeUtf8 } from "../bytes.ts";

/** What a body says: its text and the value in it, or why there is none. */
export type ParsedJson = { ok: true; text: string; value: unknown } | { ok: false; reason: string };

/** Bytes to text to JSON. UTF-8 is strict; a byte order mark is let through. */
export function parseJson(bytes: Uint8Array): ParsedJson {
  const text = decodeUtf8(bytes);
  if (text === undefined) return { ok: false, reason: "the body is not valid UTF-8" };
  try {
    return { ok: true, text, value: JSON.parse(text) };
  } catch {
    const empty = text.trim() === "";
    return { ok: false, reason: empty ? "the body is empty" : "the body is not valid JSON" };
  }
}
