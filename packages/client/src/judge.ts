import {
  parsePayload,
  type AbstraktWebhookError,
  type ApiErrorDetails,
  type ErrorCode,
} from "@abstrakt-webhooks/core";
import type { ApiRequest } from "./api-request.ts";
import type { Blame } from "./blame.ts";
import type { Exchange } from "./exchange.ts";
import { toProblem } from "./problem.ts";
import { retryAfterMs } from "./retry-after.ts";

/** What an exchange comes to. */
export type Verdict =
  | { readonly kind: "answered"; readonly value: unknown }
  /** `again`: asking once more cannot start anything twice, and may help. */
  | { readonly kind: "failed"; readonly error: AbstraktWebhookError; readonly again: boolean };

type Answer = Extract<Exchange, { kind: "answer" }>;
type Failure = Extract<Exchange, { kind: "failure" }>;
type Parsed = { ok: true; value: unknown } | { ok: false };

/** Judges an exchange. That there is no such job is an answer: `undefined`. */
export function judge(request: ApiRequest, came: Exchange, blame: Blame, nowMs: number): Verdict {
  switch (came.kind) {
    case "answer":
      return judgeAnswer(request, came, blame, nowMs);
    case "failure":
      return judgeFailure(request, came, blame);
  }
}

function judgeAnswer(request: ApiRequest, came: Answer, blame: Blame, nowMs: number): Verdict {
  const { status } = came;
  const isRead = request.method === "GET";
  const parsed = parse(came.text);
  // A page says that this is not the API, and not that the job is unknown.
  const isPage = /^(text\/html\b|\s*<)/i.test(came.header("content-type") ?? came.text ?? "");
  if (isRead && status === 404 && !isPage) return { kind: "answered", value: undefined };
  if (parsed.ok && status >= 200 && status < 300) {
    if (isRead || namesJob(parsed.value)) return { kind: "answered", value: parsed.value };
  }
  const { providerCode, requestId, words } = toProblem(parsed, came.header("x-request-id"));
  const waitMs = retryAfterMs(came.header("retry-after"), nowMs);
  const details: ApiErrorDetails = {
    status,
    ...(providerCode !== undefined && { providerCode }),
    ...(requestId !== undefined && { requestId }),
    ...(waitMs !== undefined && { retryAfterMs: waitMs }),
    ...(!isRead && mayHaveStarted(status) && { mayHaveStarted: true }),
  };
  const { code, advice } = classify(status, isRead, isPage);
  return {
    kind: "failed",
    error: blame(request, code, `${status} ${describe(came, parsed, words)}`, advice, details),
    again: code === "api_unavailable" && (isRead || status === 429),
  };
}

function judgeFailure(request: ApiRequest, came: Failure, blame: Blame): Verdict {
  const { reason, sent, status } = came;
  const isRead = request.method === "GET";
  const got = status === undefined ? "no answer" : `${status} and not the whole body`;
  const details: ApiErrorDetails = {
    ...(status !== undefined && { status }),
    ...(!isRead && sent && { mayHaveStarted: true }),
  };
  const advice = "Check the network and `baseUrl`.";
  const error = blame(request, "api_unavailable", `${got} (${reason})`, advice, details);
  return { kind: "failed", error, again: isRead || !sent };
}

function classify(
  status: number,
  isRead: boolean,
  isPage: boolean,
): { code: ErrorCode; advice: string } {
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
  const isModel = status === 404 && !isRead;
  return {
    code: "api_refused",
    advice: isModel ? "Check the model's name." : "Correct the request.",
  };
}

/** A refusal starts nothing, and neither does a redirect, but for the one that follows a success. */
const mayHaveStarted = (status: number): boolean =>
  status < 300 || status === 303 || status === 408 || status >= 500;

const namesJob = (value: unknown): boolean => parsePayload(value).kind !== "malformed";

function parse(text: string | undefined): Parsed {
  try {
    return text === undefined ? { ok: false } : { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}

function describe(came: Answer, parsed: Parsed, words: string | undefined): string {
  const { status, text, header } = came;
  // A browser's `fetch` hides a redirect behind a 0.
  if (status === 0 || (status >= 300 && status < 400)) return redirect(header("location"));
  // What refuses a key may quote it.
  if (status === 401 || status === 403) return "for the key";
  if (text === undefined) return "with a body of more than 1 MiB, or not in UTF-8";
  if (text.trim() === "") return "with an empty body";
  if (!parsed.ok) {
    const type = /^[\w.+-]+\/[\w.+-]+/.exec(header("content-type") ?? "")?.[0];
    return `with a body that is not JSON (${type ?? "of no type"})`;
  }
  if (status < 300) return "without a usable `job_id`";
  return words === undefined ? "without a reason" : `(${words})`;
}

function redirect(location: string | null): string {
  const host = location !== null && URL.canParse(location) ? new URL(location).host : "elsewhere";
  return `and a redirect, which is not followed, to ${host}`;
}
