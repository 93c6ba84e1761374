import { toBinding } from "../../auth/binding.ts";
import { describe } from "../../checks.ts";
import { lastingTimer } from "../../clock.ts";
import { AbstraktWebhookError, isAbstraktWebhookError } from "../../errors.ts";
import type { JobClient, SubmittedJob } from "../../job-client.ts";
import { isJobId, JOB_ID } from "../../payload/job-id.ts";
import { requireExpectedJobs } from "../../store/capabilities.ts";
import { describeCause } from "../events/describe-error.ts";
import { drainingError, wouldBeLost, type Parts } from "../parts.ts";
import { noteExpected } from "./expect.ts";

/** The delays between the tries to write the row of a job that already runs. */
const AGAIN_AFTER_MS = [200, 1_000, 3_000];

export interface SubmitOptions {
  ref?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** Starts a job at the provider and expects its result. */
export async function submit(
  parts: Parts,
  client: JobClient,
  model: string,
  input: unknown,
  { ref, signal }: SubmitOptions = {},
): Promise<SubmittedJob> {
  const { settings } = parts;
  // These checks come first, because the next call costs money.
  requireExpectedJobs(settings.store, "submit");
  if (wouldBeLost(parts)) throw drainingError();
  await settings.readiness.confirm();
  const minted = await settings.auth.mint?.(ref === undefined ? {} : { ref });
  const binding = minted?.binding ?? (ref === undefined ? undefined : toBinding({ ref }));
  const request = minted === undefined ? { input } : { input, webhook_url: minted.url };
  // A user's own client may ignore the signal.
  signal?.throwIfAborted();
  const job = await client.run(model, request, signal === undefined ? {} : { signal });
  if (!isJobId((job as Partial<SubmittedJob> | undefined)?.job_id)) throw noJob(job);
  await noteSubmitted(parts, job.job_id, binding);
  return job;
}

/** Writes the row of a submitted job. The job already runs, so it repeats a failed write. */
async function noteSubmitted(
  parts: Parts,
  jobId: string,
  binding: string | undefined,
): Promise<void> {
  for (const againAfterMs of [...AGAIN_AFTER_MS, undefined]) {
    try {
      return void (await noteExpected(parts, jobId, binding));
    } catch (thrown) {
      const isDown = isAbstraktWebhookError(thrown) && thrown.code === "store_unavailable";
      if (againAfterMs === undefined || !isDown) throw notExpected(jobId, thrown);
      await new Promise<void>((resolve) => void lastingTimer(againAfterMs, resolve));
    }
  }
}

/** The answer of a user's own client has no usable `job_id`. */
function noJob(answer: unknown): AbstraktWebhookError {
  const isObject = typeof answer === "object" && answer !== null;
  const { job_id: id } = (answer ?? {}) as { job_id?: unknown };
  const got = isObject ? `a \`job_id\` of ${describe(id)}` : describe(answer);
  return new AbstraktWebhookError(
    "api_unexpected",
    `Expected \`client.run\` to resolve to an object whose \`job_id\` is ${JOB_ID}, got ${got}. The provider may have started the job. If you submit it again, you may pay twice. Return the body of the provider's 202 from \`run\`.`,
    { details: { mayHaveStarted: true } },
  );
}

const notExpected = (jobId: string, cause: unknown): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "not_expected",
    `Job ${jobId} was submitted and runs, but the store did not record it (${describeCause(cause)}), so it is not polled. Its webhook is still accepted. Do not submit again: call \`expect\` with this id once the store is back.`,
    { cause, details: { jobId } },
  );
