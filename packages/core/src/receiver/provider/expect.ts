import { namedJob, refOf, toBinding } from "../../auth/binding.ts";
import type { Admitted } from "../../auth/verdict.ts";
import { AbstraktWebhookError, invalidOptions } from "../../errors.ts";
import { isJobId, JOB_ID } from "../../payload/job-id.ts";
import { requireExpectedJobs } from "../../store/capabilities.ts";
import { drainingError, wouldBeLost, type Parts } from "../parts.ts";
import type { Settings } from "../settings.ts";

/** Notes a job that was submitted elsewhere, bound to the URL that was submitted with it. */
export async function expectJob(
  parts: Parts,
  jobId: string,
  o: { webhookUrl?: string; ref?: string } = {},
): Promise<"expected" | "arrived"> {
  requireExpectedJobs(parts.settings.store, "expect");
  return noteExpected(parts, jobId, await bindingFor(parts.settings, o));
}

/** Writes the row from which the job is polled. */
export async function noteExpected(
  parts: Parts,
  jobId: string,
  binding: string | undefined,
): Promise<"expected" | "arrived"> {
  const { store, callStore, poll, options } = parts.settings;
  const jobs = requireExpectedJobs(store, "expect");
  if (!isJobId(jobId)) {
    throw new AbstraktWebhookError(
      "malformed",
      `Expected the \`job_id\` of the provider's answer to be ${JOB_ID}.`,
    );
  }
  if (wouldBeLost(parts)) throw drainingError();
  parts.notices.firstUse();
  parts.notices.expected();
  const times = { pollAfterMs: poll.afterMs, giveUpAfterMs: poll.giveUpAfterMs };
  const row = binding === undefined ? times : { ...times, binding };
  const noted = await callStore(() => jobs.expect(jobId, row));
  if (noted === "expected") {
    parts.emit({ type: "expected", ...namedJob(jobId, binding) });
    if (options.client !== undefined) parts.alarm.wake(poll.afterMs);
  }
  return noted;
}

/** What the deliveries of a URL will show, as far as it is known before the first one. */
async function bindingFor(
  { auth }: Settings,
  { webhookUrl, ref }: { webhookUrl?: string; ref?: string },
): Promise<string | undefined> {
  if (webhookUrl !== undefined && typeof webhookUrl !== "string") {
    throw unusable("a `webhookUrl` that is text; put `await` before `webhookUrl()`");
  }
  if (webhookUrl === undefined && ref !== undefined && auth.mint !== undefined) {
    throw unusable("a `ref` along with the `webhookUrl` that carries it, since this `auth` mints");
  }
  const head = { method: "POST", url: webhookUrl ?? "", header: () => undefined };
  const admission: Admitted = webhookUrl === undefined ? {} : await auth.admit(head);
  if ("refused" in admission) {
    throw unusable(
      `a \`webhookUrl\` that \`auth\` lets in, not one that is refused as ${admission.refused}`,
    );
  }
  const { binding } = admission;
  if (binding === undefined) return ref === undefined ? undefined : toBinding({ ref });
  if (ref === undefined || ref === refOf(binding)) return binding;
  throw unusable("the `ref` that `webhookUrl` was minted with, or none");
}

const unusable = (expected: string): AbstraktWebhookError =>
  invalidOptions(`\`expect\` takes ${expected}.`);
