import type { JobError, JobOutput, JobResult } from "../job-result.ts";
import { tidyUrls } from "./item-url.ts";
import { isJobId, JOB_ID } from "./job-id.ts";
import { readOutput } from "./output-schema.ts";
import { describeOutput, describeStatus } from "./describe-unrecognized.ts";

/** The kind of a payload. Discriminate on `kind`. */
export type ParsedPayload =
  /** A job has ended. `removedUrls` counts the items whose unusable `url` was removed. */
  | { readonly kind: "result"; readonly result: JobResult; readonly removedUrls?: number }
  /** The job is still running. */
  | { readonly kind: "pending"; readonly jobId: string }
  /** It names a job, but its status or shape is unknown. The receiver parks it. */
  | { readonly kind: "unrecognized"; readonly jobId: string; readonly reason: string }
  /** It names no job. */
  | { readonly kind: "malformed"; readonly reason: string };

type Loose = Record<string, unknown>;

const MAX_DEPTH = 64;
const PENDING: ReadonlySet<unknown> = new Set([
  "processing",
  "queued",
  "pending",
  "starting",
  "in_progress",
]);

/**
 * Sorts a webhook body, or the answer of `GET /v1/jobs/{id}`, into one of four kinds. Never throws
 * and never changes its argument.
 *
 * Strict about the envelope: an object at most 64 levels deep with a `job_id` of 1 to 256
 * characters, none of them a control character or a lone surrogate. Tolerant about the rest:
 * unknown keys are kept, `null` equals absent, type names are open. White space around an item's
 * `url` is removed. So are a `url` that is not http(s), a known optional field of the wrong type,
 * and every key `__proto__`.
 *
 * @example
 * ```ts
 * const parsed = parsePayload(await response.json());
 * if (parsed.kind === "result" && parsed.result.status === "succeeded") {
 *   console.log(parsed.result.output.items[0]?.url);
 * }
 * ```
 */
export function parsePayload(value: unknown): ParsedPayload {
  if (!isRecord(value)) return { kind: "malformed", reason: "the body is not a JSON object" };
  const jobId = value["job_id"];
  if (!isJobId(jobId)) return { kind: "malformed", reason: `\`job_id\` is not ${JOB_ID}` };
  const flaw = findFlaw(value, MAX_DEPTH);
  if (flaw === "depth") {
    return { kind: "malformed", reason: `the body nests deeper than ${MAX_DEPTH} levels` };
  }
  const body = (flaw === "__proto__" ? withoutProto(value) : { ...value }) as Loose;
  const { status } = body;
  if (status === "succeeded") return parseSucceeded(jobId, body);
  if (status === "failed") return parseFailed(body);
  if (PENDING.has(status)) return { kind: "pending", jobId };
  return { kind: "unrecognized", jobId, reason: `${describeStatus(status)}, which is unknown` };
}

function parseSucceeded(jobId: string, body: Loose): ParsedPayload {
  const output = readOutput(body["output"]);
  if (output === undefined) {
    return { kind: "unrecognized", jobId, reason: describeOutput(body["output"]) };
  }
  const removedUrls = tidyUrls(output.items);
  body["output"] = output satisfies JobOutput;
  if (typeof body["credits_used"] !== "number") delete body["credits_used"];
  if (typeof body["completed_at"] !== "string") delete body["completed_at"];
  const result = body as unknown as JobResult;
  return removedUrls === 0 ? { kind: "result", result } : { kind: "result", result, removedUrls };
}

function parseFailed(body: Loose): ParsedPayload {
  body["error"] = toJobError(body["error"]);
  return { kind: "result", result: body as unknown as JobResult };
}

function toJobError(error: unknown): JobError {
  if (typeof error === "string") return { code: "UNKNOWN", message: error };
  const known: Loose = isRecord(error) ? error : {};
  const { code, message } = known;
  return {
    ...known,
    code: typeof code === "string" ? code : "UNKNOWN",
    message: typeof message === "string" ? message : "",
  };
}

const isRecord = (value: unknown): value is Loose =>
  typeof value === "object" && value !== null && !Array.isArray(value);

type Flaw = "depth" | "__proto__";

/** Whether objects and arrays nest too deep, or have a key `__proto__`. It stops at the limit. */
function findFlaw(value: unknown, levels: number): Flaw | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (levels === 0) return "depth";
  let found: Flaw | undefined;
  if (Array.isArray(value)) {
    // `for in` makes a text of each index, which costs Node 24 more than to parse the payload.
    for (const inner of value as unknown[]) {
      const flaw = findFlaw(inner, levels - 1);
      if (flaw === "depth") return flaw;
      found ??= flaw;
    }
    return found;
  }
  // `for in` walks without making a list of keys.
  for (const key in value) {
    if (key === "__proto__") found = key;
    const flaw = findFlaw((value as Loose)[key], levels - 1);
    if (flaw === "depth") return flaw;
    found ??= flaw;
  }
  return found;
}

/**
 * A copy without keys `__proto__`: code that copies a result by assignment would set a prototype.
 */
function withoutProto(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutProto);
  const kept = Object.entries(value).filter(([key]) => key !== "__proto__");
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutProto(inner)]));
}

/** Why a row's payload holds no result. */
export function whyUnrecognized(payload: string): string {
  try {
    const parsed = parsePayload(JSON.parse(payload));
    return "reason" in parsed ? parsed.reason : "the payload holds no result";
  } catch {
    return "the payload is no JSON";
  }
}

/** The result in a row's payload. `undefined` if this version recognises none. */
export function storedResult(payload: string): JobResult | undefined {
  try {
    const parsed = parsePayload(JSON.parse(payload));
    return parsed.kind === "result" ? parsed.result : undefined;
  } catch {
    return undefined;
  }
}
