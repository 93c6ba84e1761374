import {
  AbstraktWebhookError,
  type ApiErrorDetails,
  type ErrorCode,
} from "@abstrakt-webhooks/core";
import { redactText } from "@abstrakt-webhooks/core/store";
import type { ApiRequest } from "./api-request.ts";

/** Makes the error for a failed request. `got` says what came back, `advice` says what to do. */
export type ToApiError = (
  request: ApiRequest,
  code: ErrorCode,
  got: string,
  advice: string,
  details: ApiErrorDetails,
) => AbstraktWebhookError;

/** Makes errors without the API key, also if the provider or `fetch` quoted the key. */
export function createApiErrors(apiKey: string): ToApiError {
  const withoutKey = (text: string): string => text.replaceAll(apiKey, "[key]");
  const clean = (text: string): string => redactText(withoutKey(text));

  return ({ method, path }, code, got, advice, details) => {
    const expected = `Expected ${method} ${clean(path)} to be answered with a job`;
    const warning = details.mayHaveStarted
      ? " The provider may have started the job. If you submit it again, you may pay twice."
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
