import type { JobClient } from "../job-client.ts";
import { refusesJob, retryAfterMsOf } from "./api-failure.ts";
import { describeError } from "./describe-error.ts";
import type { EventError } from "./events.ts";
import { readValue, type ReadPayload } from "./read-body.ts";

/** What came of asking the provider for a job. */
export type PollAnswer =
  | { readonly reason: "arrived"; readonly payload: ReadPayload }
  | { readonly reason: "pending" | "unknown" | "unrecognized" }
  | PollFailure;

/** The provider was not reached, or refused. */
export interface PollFailure {
  readonly reason: "failed";
  readonly error: EventError;
  /** It says something about this job, and not only about the provider. */
  readonly isFinal: boolean;
  readonly retryAfterMs: number;
}

/** Asks for one job until `signal` fires, whether the client heeds it or not. Never rejects. */
export async function askForJob(
  client: JobClient,
  jobId: string,
  signal: AbortSignal,
): Promise<PollAnswer> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  try {
    return readAnswer(jobId, await Promise.race([client.getJob(jobId, { signal }), aborted]));
  } catch (thrown) {
    return readFailure(thrown);
  }
}

/** `undefined` stands for 404. */
function readAnswer(jobId: string, body: unknown): PollAnswer {
  if (body === undefined) return { reason: "unknown" };
  const payload = readOrUndefined(body);
  if (payload?.jobId !== jobId) return { reason: "unrecognized" };
  const { kind } = payload.parsed;
  if (kind === "result") return { reason: "arrived", payload };
  return { reason: kind === "pending" ? "pending" : "unrecognized" };
}

function readOrUndefined(body: unknown): ReadPayload | undefined {
  try {
    return readValue(body);
  } catch {
    return undefined;
  }
}

const readFailure = (thrown: unknown): PollFailure => ({
  reason: "failed",
  error: describeError(thrown),
  isFinal: refusesJob(thrown),
  retryAfterMs: retryAfterMsOf(thrown),
});
