import { Visitor } from "oxc-parser";
import type { SourceFile } from "./read-sources.ts";

/** A regular expression in a source. */
export interface Pattern {
  readonly path: string;
  /** Its text in the source. */
  readonly text: string;
  /** Undefined where the source composes it at run time. */
  readonly regex: RegExp | undefined;
}

/** Every regular expression of the sources: literals, and calls of `RegExp`. */
export function patternsIn(sources: readonly SourceFile[]): Pattern[] {
  return sources.flatMap(({ path, text: source, program }) => {
    const found: Pattern[] = [];
    const add = (start: number, end: number, regex?: RegExp): void =>
      void found.push({ path, text: source.slice(start, end), regex });
    const addCall = (call: { callee: object; start: number; end: number }): void => {
      if ("name" in call.callee && call.callee.name === "RegExp") add(call.start, call.end);
    };
    new Visitor({
      Literal(literal) {
        if (!("regex" in literal)) return;
        const { pattern, flags } = literal.regex;
        add(literal.start, literal.end, new RegExp(pattern, flags));
      },
      NewExpression: addCall,
      CallExpression: addCall,
    }).visit(program);
    return found;
  });
}

/** Parts of the worst texts, in addition to the pattern's own words. */
const PIECES = [
  "a",
  "A",
  "0",
  " ",
  "\t",
  "-",
  "_",
  ".",
  "/",
  ":",
  "=",
  "?",
  "&a",
  "a.",
  "a ",
  "\0",
];
const SMALL_SIZES = [16, 20, 24, 28, 32];
const SIZE = 4_000;
/**
 * A shorter time cannot be measured. A pattern that is not linear needs far more for four times
 * `SIZE`.
 */
const FLOOR_MS = 4;
/** A pattern that needs this time for a small text grows without bound. */
const HOPELESS_MS = 20;

/**
 * The maximum factor of time for a text of twice the length; 0 where the time is too short to
 * measure.
 */
export function slowestGrowth(regex: RegExp, source: string): number {
  const words = source.match(/[A-Za-z0-9 ]+|\\?[^A-Za-z0-9]/g) ?? [];
  const own = words.map((word) => word.replace(/^\\/, "")).filter((word) => word !== "");
  const starts = ["", own.join(""), ...own];
  let growth = 0;
  for (const piece of new Set([...PIECES, ...own])) {
    for (const start of new Set(starts)) {
      growth = Math.max(growth, growthFor(regex, start, piece));
      if (growth >= 3) return growth;
    }
  }
  return growth;
}

function growthFor(regex: RegExp, start: string, piece: string): number {
  const timeOf = (size: number): number => {
    // No pattern matches this end, so that each tries all its ways.
    const text = `${start}${piece.repeat(Math.ceil(size / piece.length))}\n!`;
    const startedAtMs = performance.now();
    text.replace(regex, "");
    return performance.now() - startedAtMs;
  };
  const timesOf = (size: number): number => Math.min(timeOf(size), timeOf(size), timeOf(size));
  if (SMALL_SIZES.some((size) => timeOf(size) > HOPELESS_MS && timeOf(size) > HOPELESS_MS)) {
    return Infinity;
  }
  // Four times the text, and the root of the factor, because one doubling disappears in the noise.
  const longMs = timesOf(4 * SIZE);
  return longMs < FLOOR_MS ? 0 : Math.sqrt(longMs / timesOf(SIZE));
}
