import { toBinding } from "../../auth/binding.ts";
import { lastingTimer } from "../../clock.ts";
import { AbstraktWebhookError, isAbstraktWebhookError } from "../../errors.ts";
import type { JobClient, SubmittedJob } from "../../job-client.ts";
import { requireExpectedJobs } from "../../store/capabilities.ts";
import { describeCause } from "../events/describe-error.ts";
import { drainingError, wouldBeLost, type Parts } from "../parts.ts";
import { noteExpected } from "./expect.ts";

/** The job runs already: how long to wait before each further try to write its row. */
const AGAIN_AFTER_MS = [200, 1_000, 3_000];

export interface SubmitOptions {
  ref?: string;
  signal?: AbortSignal;
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
  // Fail before the job is paid for, where that is possible.
  requireExpectedJobs(settings.store, "submit");
  if (wouldBeLost(parts)) throw drainingError();
  await settings.readiness.confirm();
  const minted = await settings.auth.mint?.(ref === undefined ? {} : { ref });
  const binding = minted?.binding ?? (ref === undefined ? undefined : toBinding({ ref }));
  const request = minted === undefined ? { input } : { input, webhook_url: minted.url };
  const job = await client.run(model, request, signal === undefined ? {} : { signal });
  await noteSubmitted(parts, job.job_id, binding);
  return job;
}

/** Writes the row. The job runs by now, so the store is asked more than once. */
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

const notExpected = (jobId: string, cause: unknown): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "not_expected",
    `Job ${jobId} was submitted and runs, but the store did not note it (${describeCause(cause)}), so it is not polled. Its webhook is taken all the same. Do not submit again: call \`expect\` with this id once the store is back.`,
    { cause, details: { jobId } },
  );
