import {
  parsePayload,
  type AbstraktWebhookError,
  type ApiErrorDetails,
  type ErrorCode,
} from "@abstrakt-webhooks/core";
import type { ApiRequest } from "./api-request.ts";
import type { ToApiError } from "./api-error.ts";
import type { Exchange } from "./exchange.ts";
import { toProblem } from "./problem.ts";
import { retryAfterMs } from "./retry-after.ts";

/** What an exchange means for the call. */
export type Outcome =
  | { readonly kind: "answered"; readonly value: unknown }
  /** `retryable`: the request may be sent again, because that cannot start a second job. */
  | { readonly kind: "failed"; readonly error: AbstraktWebhookError; readonly retryable: boolean };

type Answer = Extract<Exchange, { kind: "answer" }>;
type Failure = Extract<Exchange, { kind: "failure" }>;
type Json = { ok: true; value: unknown } | { ok: false };

/** Classifies an exchange. For `getJob`, the API's own 404 is an answer: `undefined`. */
export function toOutcome(
  request: ApiRequest,
  exchange: Exchange,
  toApiError: ToApiError,
  nowMs: number,
): Outcome {
  switch (exchange.kind) {
    case "answer":
      return fromAnswer(request, exchange, toApiError, nowMs);
    case "failure":
      return fromFailure(request, exchange, toApiError);
  }
}

function fromAnswer(
  request: ApiRequest,
  answer: Answer,
  toApiError: ToApiError,
  nowMs: number,
): Outcome {
  const { status } = answer;
  const isRead = request.method === "GET";
  const parsed = parse(answer.text);
  if (isRead && status === 404) {
    return isObject(parsed)
      ? { kind: "answered", value: undefined }
      : { kind: "failed", error: notTheApi(request, answer, parsed, toApiError), retryable: true };
  }
  if (parsed.ok && status >= 200 && status < 300) {
    if (isRead || namesJob(parsed.value)) return { kind: "answered", value: parsed.value };
  }
  const { providerCode, requestId, reason } = toProblem(parsed, answer.header("x-request-id"));
  const waitMs = retryAfterMs(answer.header("retry-after"), nowMs);
  const details: ApiErrorDetails = {
    status,
    ...(providerCode !== undefined && { providerCode }),
    ...(requestId !== undefined && { requestId }),
    ...(waitMs !== undefined && { retryAfterMs: waitMs }),
    ...(!isRead && mayHaveStarted(status) && { mayHaveStarted: true }),
  };
  // The API sends no HTML.
  const isPage = /^(text\/html\b|\s*<)/i.test(answer.header("content-type") ?? answer.text ?? "");
  const { code, advice } = classify(status, isPage);
  return {
    kind: "failed",
    error: toApiError(
      request,
      code,
      `${status} ${describe(answer, parsed, reason)}`,
      advice,
      details,
    ),
    retryable: code === "api_unavailable" && (isRead || status === 429),
  };
}

/**
 * A 404 that is not a JSON object comes from a proxy that does not reach the API, or from another
 * server. It says nothing about the job. So the error has no `status`: with a 4xx, a receiver would
 * count it as the API's answer about this job.
 */
function notTheApi(
  request: ApiRequest,
  answer: Answer,
  parsed: Json,
  toApiError: ToApiError,
): AbstraktWebhookError {
  const body = parsed.ok
    ? "with a body that is no JSON object"
    : describe(answer, parsed, undefined);
  const advice = "Try again later, and check that `baseUrl` is the API's own address.";
  return toApiError(request, "api_unavailable", `404 ${body}`, advice, {});
}

function fromFailure(request: ApiRequest, failure: Failure, toApiError: ToApiError): Outcome {
  const { reason, sent, status } = failure;
  const isRead = request.method === "GET";
  const got = status === undefined ? "no answer" : `${status} and not the whole body`;
  const details: ApiErrorDetails = {
    ...(status !== undefined && { status }),
    ...(!isRead && sent && { mayHaveStarted: true }),
  };
  const advice = "Check the network and `baseUrl`.";
  const error = toApiError(request, "api_unavailable", `${got} (${reason})`, advice, details);
  return { kind: "failed", error, retryable: isRead || !sent };
}

function classify(status: number, isPage: boolean): { code: ErrorCode; advice: string } {
  if (status === 401 || status === 403) {
    return { code: "api_refused", advice: "Check `apiKey`, and what it is allowed to do." };
  }
  if (status === 429) return { code: "api_unavailable", advice: "Ask less often." };
  if (status === 408 || status >= 500) {
    return { code: "api_unavailable", advice: "Try again later." };
  }
  if (isPage || status < 400) {
    return { code: "api_unexpected", advice: "Check that `baseUrl` is the API's own address." };
  }
  const advice = status === 404 ? "Check the model's name." : "Correct the request.";
  return { code: "api_refused", advice };
}

/** A 4xx or a redirect means that no job started. After a 408 or a 303 a job may have started. */
const mayHaveStarted = (status: number): boolean =>
  status < 300 || status === 303 || status === 408 || status >= 500;

const namesJob = (value: unknown): boolean => parsePayload(value).kind !== "malformed";

const isObject = (parsed: Json): boolean =>
  parsed.ok &&
  typeof parsed.value === "object" &&
  parsed.value !== null &&
  !Array.isArray(parsed.value);

function parse(text: string | undefined): Json {
  try {
    return text === undefined ? { ok: false } : { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}

function describe(answer: Answer, parsed: Json, reason: string | undefined): string {
  const { status, text, header } = answer;
  // A browser's `fetch` reports a redirect that is not followed as status 0.
  if (status === 0 || (status >= 300 && status < 400)) return redirect(header("location"));
  // The body of a 401 or 403 may quote the key, so it is not repeated here.
  if (status === 401 || status === 403) return "for the key";
  if (text === undefined) return "with a body that is longer than 1 MiB or is not UTF-8";
  if (text.trim() === "") return "with an empty body";
  if (!parsed.ok) {
    const type = /^[\w.+-]+\/[\w.+-]+/.exec(header("content-type") ?? "")?.[0];
    return `with a body that is not JSON (${type ?? "of no type"})`;
  }
  if (status < 300) return "without a usable `job_id`";
  return reason === undefined ? "without a reason" : `(${reason})`;
}

function redirect(location: string | null): string {
  const host = location !== null && URL.canParse(location) ? new URL(location).host : "elsewhere";
  return `and a redirect, which is not followed, to ${host}`;
}
