import { AbstraktWebhookError } from "@abstrakt-webhooks/core";
import { describe, invalidOptions, requireAwaited } from "@abstrakt-webhooks/core/store";

/** One request to the provider's API. */
export interface ApiRequest {
  readonly method: "GET" | "POST";
  /** Appended to `baseUrl`; begins with a slash. */
  readonly path: string;
  /** JSON. */
  readonly body?: string;
}

/** `POST /v1/models/{model}/run`. */
export function runRequest(
  model: string,
  { input, webhook_url }: { input: unknown; webhook_url?: string | undefined },
): ApiRequest {
  if (webhook_url !== undefined && typeof webhook_url !== "string") throw noUrl(webhook_url);
  requireAwaited("input", input);
  const body = toJson({ input, ...(webhook_url !== undefined && { webhook_url }) });
  return { method: "POST", path: `/v1/models/${segment("model", model)}/run`, body };
}

/** `GET /v1/jobs/{id}`. */
export const jobRequest = (jobId: string): ApiRequest => ({
  method: "GET",
  path: `/v1/jobs/${segment("jobId", jobId)}`,
});

function noUrl(value: unknown): AbstraktWebhookError {
  const isPromise = typeof (value as { then?: unknown } | null)?.then === "function";
  const came = isPromise ? "a promise" : describe(value);
  const advice = isPromise ? " Put `await` before `webhookUrl()`." : "";
  return invalidOptions(`Expected \`webhook_url\` to be a string, got ${came}.${advice}`);
}

/** Encodes a name as exactly one segment of a path. */
function segment(name: string, value: unknown): string {
  // A URL parser resolves `.` and `..` also when they are percent-encoded.
  const usable = typeof value === "string" && !["", ".", ".."].includes(value);
  if (usable && !/\p{Cs}/u.test(value)) return encodeURIComponent(value);
  const got = typeof value === "string" ? "one that a URL cannot hold" : typeof value;
  throw invalidOptions(`Expected \`${name}\` to be a non-empty name, got ${got}.`);
}

function toJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new AbstraktWebhookError(
      "invalid_options",
      "Expected `input` to be a value that JSON can hold, got a circular reference, a BigInt or a toJSON that throws.",
      { cause },
    );
  }
}
