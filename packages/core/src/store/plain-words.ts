import type { Settlement } from "./job-store.ts";

/**
 * Replaces what many backends cannot hold: NUL and unpaired surrogates. The text of an error may
 * contain both.
 */
export const storableText = (words: string): string =>
  words.replace(/\0|\p{Surrogate}/gu, "\ufffd");

/**
 * Rewrites a settlement for a backend that has refused its characters: the error in printable
 * ASCII, the payload with JSON escapes.
 */
export function inPlainWords(settlement: Settlement): Settlement {
  if ("error" in settlement && settlement.error !== undefined) {
    return { ...settlement, error: plain(settlement.error) };
  }
  if (settlement.to !== "done" || settlement.result === undefined) return settlement;
  const { payload, fingerprint } = settlement.result;
  return { to: "done", result: { payload: escape(payload), fingerprint } };
}

const plain = (words: string): string => words.replace(/[^\x20-\x7e]/gu, "?");

/** JSON has such characters only within strings, where an escape has the same meaning. */
const escape = (json: string): string =>
  json.replace(
    /[^\x20-\x7e\s]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
