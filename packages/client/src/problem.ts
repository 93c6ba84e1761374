/** What an answer that is no success says about itself. */
export interface Problem {
  readonly providerCode: string | undefined;
  readonly requestId: string | undefined;
  /** The provider's code and message; `undefined` when it gives neither. */
  readonly words: string | undefined;
}

const NAME = /^[\w.:-]{1,128}$/;

/**
 * Reads an error's body. The page documents none, so this takes what failed jobs have,
 * `{ error: { code, message } }`, and what is common elsewhere.
 */
export function toProblem(
  parsed: { ok: true; value: unknown } | { ok: false },
  requestIdHeader: string | null,
): Problem {
  const body = toRecord(parsed.ok ? parsed.value : undefined);
  const given = body["error"] ?? body;
  const error = typeof given === "string" ? { message: given } : toRecord(given);
  const providerCode = toName(error["code"]);
  const said = [providerCode, error["message"]].filter((part) => typeof part === "string");
  return {
    providerCode,
    requestId: toName(body["request_id"]) ?? toName(error["request_id"]) ?? toName(requestIdHeader),
    words: said.length > 0 ? said.join(": ") : undefined,
  };
}

const toRecord = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

const toName = (value: unknown): string | undefined =>
  typeof value === "string" && NAME.test(value) ? value : undefined;
