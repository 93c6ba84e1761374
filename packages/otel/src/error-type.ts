/** A code or a class name, and not a text: those may hold what was delivered. */
const NAME = /^[\w$.-]{1,64}$/;
const OTHER = "_OTHER";

/** What was thrown, for `error.type`: its `code`, else its class. Never throws. */
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

/** Why core cut an attempt off, which the signal's reason says at its end. */
export const toCutOffType = (reason: unknown): string =>
  /: (handler_timeout|lease_lost|drained)\.$/.exec(
    (reason as Error | undefined)?.message ?? "",
  )?.[1] ?? OTHER;
