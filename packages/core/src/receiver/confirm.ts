import type { Confirmation } from "../auth/auth.ts";
import type { JobResult } from "../job-result.ts";
import { parsePayload } from "../payload/parse-payload.ts";
import type { Lease } from "../store/job-store.ts";
import type { Settings } from "./settings.ts";

/** Whether a stored result is no more than a claim until it was confirmed. */
export const confirms = ({ auths }: Settings): boolean => auths.some((auth) => auth.confirm);

/** Asks every auth that confirms, each about the word of the one before. */
export async function confirm(
  { auths, options }: Settings,
  lease: Lease,
  delivered: JobResult,
  signal: AbortSignal,
): Promise<Confirmation> {
  const about = {
    signal,
    attempt: lease.attempt,
    expected: lease.expected === true,
    ...(options.client && { client: options.client }),
  };
  let result = delivered;
  for (const auth of auths) {
    if (auth.confirm === undefined) continue;
    const confirmation = await auth.confirm(result, about);
    if (confirmation.kind === "unknown" || confirmation.kind === "running") return confirmation;
    result = requireResult(confirmation, lease.jobId);
  }
  return { kind: "confirmed", result };
}

/** Fails closed, and trusts an auth's result no further than a delivered one. */
function requireResult(confirmation: { kind: unknown; result: unknown }, jobId: string): JobResult {
  const parsed = parsePayload(confirmation.result);
  if (confirmation.kind === "confirmed" && parsed.kind === "result") {
    if (parsed.result.job_id === jobId) return parsed.result;
  }
  throw new TypeError("Expected `confirm` to answer with a result of the job it was asked about.");
}
