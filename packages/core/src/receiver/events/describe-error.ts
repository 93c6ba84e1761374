import type { EventError } from "./events.ts";

/** An error of this kit in one text: its message, and its cause in brackets. */
export function describeCause(thrown: unknown): string {
  const { message } = describeError(thrown);
  const cause = (thrown as Error | undefined)?.cause;
  if (cause === undefined) return message;
  return `${message} (${toText(describeError(cause))})`;
}

export const toText = ({ code, message }: EventError): string => `${code}: ${message}`;

const MAX_LENGTH = 300;
const MAX_STACK_LINES = 20;
/** Any text with a scheme or a query in it, up to the white space on either side. */
const URL_LIKE = /\S*(?::\/\/|[?&][\w.~-]+=)\S*/g;

/**
 * A thrown value in words that may be logged and stored: one line, cut to 300 characters, every
 * URL replaced, since URLs carry tokens and point at paid results. Never throws.
 */
export function describeError(thrown: unknown): EventError {
  try {
    if (!(thrown instanceof Error)) return { code: "Error", message: clean(wordsOf(thrown)) };
    const { code } = thrown as { code?: unknown };
    return {
      code: clean(String(typeof code === "string" ? code : thrown.name)),
      message: clean(String(thrown.message)),
    };
  } catch {
    return { code: "Error", message: "an error that cannot be read" };
  }
}

function wordsOf(thrown: unknown): string {
  if (typeof thrown === "string") return thrown;
  return `${thrown === null ? "null" : typeof thrown} was thrown, not an Error`;
}

/** The same with up to 20 lines of the stack, for a console. Never throws. */
export function describeStack(thrown: unknown): string {
  const text = toText(describeError(thrown));
  try {
    if (!(thrown instanceof Error)) return text;
    const frames = String(thrown.stack)
      .split("\n", MAX_STACK_LINES)
      .filter((line) => /^\s+at /.test(line))
      .map((line) => `    ${clean(line.replace("file://", "").trim())}`);
    return [text, ...frames].join("\n");
  } catch {
    return text;
  }
}

const clean = (text: string): string =>
  text
    .slice(0, 4 * MAX_LENGTH)
    .replace(URL_LIKE, "[url]")
    .replace(/\s+/g, " ")
    .slice(0, MAX_LENGTH);
