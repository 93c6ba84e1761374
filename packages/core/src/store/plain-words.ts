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
  switch (settlement.to) {
    case "done":
      return settlement.result === undefined
        ? settlement
        : {
            to: "done",
            result: { ...settlement.result, payload: escape(settlement.result.payload) },
          };
    case "retry":
    case "dead":
      return { ...settlement, error: plain(settlement.error) };
    case "release":
      return settlement.error === undefined
        ? settlement
        : { ...settlement, error: plain(settlement.error) };
    case "extend":
      return settlement;
  }
}

const plain = (words: string): string => words.replace(/[^\x20-\x7e]/gu, "?");

/** JSON has such characters only within strings, where an escape has the same meaning. */
const escape = (json: string): string =>
  json.replace(
    /[^\x20-\x7e\s]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
