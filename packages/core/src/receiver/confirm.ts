import type { Confirmation } from "../auth/auth.ts";
import type { JobResult } from "../job-result.ts";
import { parsePayload } from "../payload/parse-payload.ts";
import type { Lease } from "../store/job-store.ts";
import type { Settings } from "./settings.ts";

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
  let confirmation: Confirmation = { kind: "confirmed", result: delivered };
  for (const auth of auths) {
    if (auth.confirm === undefined) continue;
    confirmation = await auth.confirm(confirmation.result, about);
    if (confirmation.kind !== "confirmed") return confirmation;
    requireSameJob(confirmation.result, lease.jobId);
  }
  return confirmation;
}

function requireSameJob(result: unknown, jobId: string): void {
  const parsed = parsePayload(result);
  if (parsed.kind === "result" && parsed.result.job_id === jobId) return;
  throw new TypeError("Expected `confirm` to answer with a result of the job it was asked about.");
}
