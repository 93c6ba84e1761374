import type { JobError, JobOutput, JobResult } from "../job-result.ts";
import { isJobId, JOB_ID } from "./job-id.ts";
import { outputSchema } from "./output-schema.ts";

/** What a payload turned out to be; discriminate on `kind`. */
export type ParsedPayload =
  /** The final word on a job. */
  | { readonly kind: "result"; readonly result: JobResult }
  /** The job is still running. */
  | { readonly kind: "pending"; readonly jobId: string }
  /** It names a job, but its status or shape is not one we know. Keep it, do not guess. */
  | { readonly kind: "unrecognized"; readonly jobId: string; readonly reason: string }
  /** It names no job. */
  | { readonly kind: "malformed"; readonly reason: string };

type Loose = Record<string, unknown>;

const MAX_DEPTH = 64;
const PENDING = new Set(["processing", "queued", "pending", "starting", "in_progress"]);

/**
 * Sorts a webhook body, or the answer of `GET /v1/jobs/{id}`, into one of four kinds. Never throws
 * and never changes its argument.
 *
 * Strict about the envelope: an object at most 64 levels deep with a `job_id` of 1 to 256
 * characters, none of them a control character or a lone surrogate. Tolerant about the rest:
 * unknown keys are kept, `null` equals absent, type names are open. An item's `url` that is not
 * http(s) is removed, and so is a known optional field of the wrong type.
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
  if (isDeeperThan(value, MAX_DEPTH)) {
    return { kind: "malformed", reason: `the body nests deeper than ${MAX_DEPTH} levels` };
  }
  const body = { ...value };
  // An own key of that name is data here, and a trap for whoever assigns the result on.
  if (Object.hasOwn(body, "__proto__")) delete body["__proto__"];
  const { status } = body;
  if (status === "succeeded") return parseSucceeded(jobId, body);
  if (status === "failed") return parseFailed(body);
  if (typeof status === "string" && PENDING.has(status)) return { kind: "pending", jobId };
  return { kind: "unrecognized", jobId, reason: "the status is not one this version knows" };
}

function parseSucceeded(jobId: string, body: Loose): ParsedPayload {
  const output = outputSchema.safeParse(body["output"]);
  if (!output.success) {
    return {
      kind: "unrecognized",
      jobId,
      reason: "a succeeded job lacks `output.type` or a list of typed `output.items`",
    };
  }
  for (const item of output.data.items) if (!isHttpUrl(item["url"])) delete item["url"];
  body["output"] = output.data satisfies JobOutput;
  if (typeof body["credits_used"] !== "number") delete body["credits_used"];
  if (typeof body["completed_at"] !== "string") delete body["completed_at"];
  return { kind: "result", result: body as unknown as JobResult };
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

const isHttpUrl = (url: unknown): url is string =>
  typeof url === "string" && (url.startsWith("https://") || /^https?:\/\//i.test(url));

/** Whether objects and arrays nest more than `levels` deep. Recursion ends at the bound. */
function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  // `for in` walks without making a list of keys.
  for (const key in value) {
    const inner = (value as Record<string, unknown>)[key];
    if (typeof inner === "object" && isDeeperThan(inner, levels - 1)) return true;
  }
  return false;
}

/** The result that a row's payload holds; `undefined` when it holds none that this version knows. */
export function storedResult(payload: string): JobResult | undefined {
  try {
    const parsed = parsePayload(JSON.parse(payload));
    return parsed.kind === "result" ? parsed.result : undefined;
  } catch {
    return undefined;
  }
}
