import { isAbstraktWebhookError } from "../../errors.ts";
import { redactText } from "../../redact.ts";
import { isLeaseLost } from "../../store/lease-lost.ts";
import type { EventError } from "./events.ts";

/** A message of this kit may be longer, because it adds advice to the driver's words. */
const MAX_OWN_MESSAGE = 1_000;

/**
 * Describes a thrown error in one text: its message, then its cause in brackets. The cause is left
 * out when the message already quotes it.
 */
export function describeCause(thrown: unknown): string {
  const message = isAbstraktWebhookError(thrown)
    ? redactText(thrown.message, MAX_OWN_MESSAGE)
    : describeError(thrown).message;
  const cause = (thrown as Error | undefined)?.cause;
  if (cause === undefined) return message;
  const described = describeError(cause);
  return message.includes(described.message) ? message : `${message} (${toText(described)})`;
}

export const toText = ({ code, message }: EventError): string => `${code}: ${message}`;

/** The error of a row: a text that `toText` has made, or of a lost lease. */
export function describeRowError(text: string): EventError {
  if (isLeaseLost(text)) return { code: "lease_lost", message: text.replace(/^\w+/, LEASE_LOST) };
  const [, code = "Error", message = text] = /^(.*?): (.*)/s.exec(text) ?? [];
  return { code, message };
}

const LEASE_LOST = "The process of the last attempt died, or lost its lease";

const MAX_STACK_LINES = 20;

/**
 * Describes a thrown value so that the text may be logged and stored: one line of at most 300
 * characters. Every URL is replaced, because URLs contain tokens and lead to paid results. Never
 * throws.
 */
export function describeError(thrown: unknown): EventError {
  try {
    if (!(thrown instanceof Error)) return { code: "Error", message: redactText(wordsOf(thrown)) };
    const { code } = thrown as { code?: unknown };
    return {
      code: redactText(String(typeof code === "string" && code !== "" ? code : thrown.name)),
      message: redactText(String(thrown.message)),
    };
  } catch {
    return { code: "Error", message: "an error that cannot be read" };
  }
}

function wordsOf(thrown: unknown): string {
  if (typeof thrown === "string") return thrown;
  return `${thrown === null ? "null" : typeof thrown} was thrown, not an Error`;
}

/** Describes a thrown value with up to 20 lines of its stack, for the console. Never throws. */
export function describeStack(thrown: unknown): string {
  const text = toText(describeError(thrown));
  try {
    const frames = String((thrown as Error).stack)
      .split("\n", MAX_STACK_LINES)
      .filter((line) => /^\s+at /.test(line))
      .map((line) => `    ${redactText(line.replace("file://", "").trim())}`);
    return [text, ...frames].join("\n");
  } catch {
    return text;
  }
}
