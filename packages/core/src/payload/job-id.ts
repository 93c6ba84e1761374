import { describe } from "../checks.ts";
import { AbstraktWebhookError } from "../errors.ts";

const MAX_LENGTH = 256;

// A lone surrogate becomes U+FFFD in UTF-8, so distinct ids would collide in a store.
const CONTROL_OR_LONE_SURROGATE = /[\p{Cc}\p{Cs}]/u;

/** Describes a usable `job_id` in error texts. */
export const JOB_ID =
  "a string of 1 to 256 characters free of control characters and lone surrogates";

/** Whether a `job_id` is usable. A payload without one belongs to no job. */
export const isJobId = (id: unknown): id is string =>
  typeof id === "string" &&
  id.length >= 1 &&
  id.length <= MAX_LENGTH &&
  !CONTROL_OR_LONE_SURROGATE.test(id);

/** @throws AbstraktWebhookError `malformed` unless the id that a method got is usable. */
export function requireJobId(jobId: unknown): void {
  if (isJobId(jobId)) return;
  const got = typeof jobId === "string" ? "another string" : describe(jobId);
  const advice = got === "object" ? " Pass the `job_id` of the job." : "";
  throw new AbstraktWebhookError(
    "malformed",
    `Expected \`jobId\` to be ${JOB_ID}, got ${got}.${advice}`,
  );
}
