/** Allows only codes and class names, because a longer text may contain a part of the payload. */
const NAME = /^[\w$.-]{1,64}$/;
const OTHER = "_OTHER";

/** The `error.type` of a thrown value: its `code`, or else its class. Never throws. */
export function toErrorType(thrown: unknown): string {
  try {
    if (!(thrown instanceof Error)) return OTHER;
    const { code, name } = thrown as { code?: unknown; name: unknown };
    return (
      [code, name].find((word): word is string => typeof word === "string" && NAME.test(word)) ??
      OTHER
    );
  } catch {
    return OTHER;
  }
}

/** Why the receiver aborted an attempt. The message of the signal's reason ends with it. */
export const toCutOffType = (reason: unknown): string =>
  /: (handler_timeout|lease_lost|drained)\.$/.exec(
    (reason as Error | undefined)?.message ?? "",
  )?.[1] ?? OTHER;
