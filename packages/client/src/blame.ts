import {
  AbstraktWebhookError,
  type ApiErrorDetails,
  type ErrorCode,
} from "@abstrakt-webhooks/core";
import { redactText } from "@abstrakt-webhooks/core/store";
import type { ApiRequest } from "./api-request.ts";

/** Makes the error for a request: what was expected, what came, what to do. */
export type Blame = (
  request: ApiRequest,
  code: ErrorCode,
  got: string,
  advice: string,
  details: ApiErrorDetails,
) => AbstraktWebhookError;

/** Errors in which the key is not, whoever has quoted it. */
export function createBlame(apiKey: string): Blame {
  const withoutKey = (text: string): string => text.replaceAll(apiKey, "[key]");
  const clean = (text: string): string => redactText(withoutKey(text));

  return ({ method, path }, code, got, advice, details) => {
    const expected = `Expected ${method} ${clean(path)} to be answered with a job`;
    const warning = details.mayHaveStarted
      ? " The job may run all the same: submitting it again may pay for it twice."
      : "";
    const { providerCode, requestId } = details;
    return new AbstraktWebhookError(code, `${expected}, got ${clean(got)}. ${advice}${warning}`, {
      details: {
        ...details,
        ...(providerCode !== undefined && { providerCode: withoutKey(providerCode) }),
        ...(requestId !== undefined && { requestId: withoutKey(requestId) }),
      },
    });
  };
}
