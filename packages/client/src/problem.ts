/** What the body and headers of an error answer say about the error. */
export interface Problem {
  readonly providerCode: string | undefined;
  readonly requestId: string | undefined;
  /** The provider's code and message; `undefined` when it gives neither. */
  readonly reason: string | undefined;
}

const NAME = /^[\w.:-]{1,128}$/;

/**
 * Reads the body of an error answer. Abstrakt's API page documents no shape, so this accepts the
 * shape of failed jobs, `{ error: { code, message } }`, and shapes that are common in other APIs.
 */
export function toProblem(
  parsed: { ok: true; value: unknown } | { ok: false },
  requestIdHeader: string | null,
): Problem {
  const body = toRecord(parsed.ok ? parsed.value : undefined);
  const given = body["error"] ?? body;
  const error = typeof given === "string" ? { message: given } : toRecord(given);
  const providerCode = toName(error["code"]);
  const texts = [providerCode, error["message"]].filter((part) => typeof part === "string");
  return {
    providerCode,
    requestId: toName(body["request_id"]) ?? toName(error["request_id"]) ?? toName(requestIdHeader),
    reason: texts.length > 0 ? texts.join(": ") : undefined,
  };
}

const toRecord = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

const toName = (value: unknown): string | undefined =>
  typeof value === "string" && NAME.test(value) ? value : undefined;
