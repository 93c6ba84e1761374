import type { EventError } from "./events.ts";

const MAX_LENGTH = 300;

/**
 * A thrown value in words that may be logged and stored: one line, cut to 300 characters, every
 * URL replaced, since URLs carry tokens and point at paid results.
 */
export function describeError(thrown: unknown): EventError {
  if (!(thrown instanceof Error)) return { code: "Error", message: clean(textOf(thrown)) };
  const { code } = thrown as { code?: unknown };
  return { code: typeof code === "string" ? clean(code) : thrown.name, message: clean(thrown.message) };
}

function textOf(thrown: unknown): string {
  if (typeof thrown === "string") return thrown;
  return `the callback threw ${thrown === null ? "null" : typeof thrown}, not an Error`;
}

const clean = (text: string): string =>
  text
    .slice(0, 4 * MAX_LENGTH)
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, "[url]")
    .replace(/\s+/g, " ")
    .slice(0, MAX_LENGTH);
