import type { Settlement } from "./job-store.ts";

/** Words without what many backends do not hold: NUL, and half a character. An error's words are anybody's. */
export const storableText = (words: string): string =>
  words.replace(/\0|\p{Surrogate}/gu, "\ufffd");

/**
 * A settlement in characters that every backend holds: the error in printable ASCII, the payload in
 * JSON's own escapes. For a backend that has refused the words as they were.
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

/** JSON has such characters within its strings only, where an escape means the same. */
const escape = (json: string): string =>
  json.replace(
    /[^\x20-\x7e\s]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
