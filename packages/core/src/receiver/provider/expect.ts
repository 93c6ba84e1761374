import { namedJob, refOf, toBinding } from "../../auth/binding.ts";
import type { Admitted } from "../../auth/verdict.ts";
import { AbstraktWebhookError, invalidOptions } from "../../errors.ts";
import { isJobId, JOB_ID } from "../../payload/job-id.ts";
import { requireExpectedJobs } from "../../store/capabilities.ts";
import type { Expected } from "../../store/capabilities.ts";
import { lookUp } from "../../store/store-call.ts";
import { warning } from "../events/emit.ts";
import { drainingError, wouldBeLost, type Parts } from "../parts.ts";
import type { Settings } from "../settings.ts";

/** Expects a job that was submitted without this receiver, bound to the URL of its submission. */
export async function expectJob(
  parts: Parts,
  jobId: string,
  o: { webhookUrl?: string | undefined; ref?: string | undefined } = {},
): Promise<Expected> {
  requireExpectedJobs(parts.settings.store, "expect");
  const binding = await bindingFor(parts.settings, o);
  const known = binding === undefined ? undefined : await lookUp(parts.settings, jobId);
  const noted = await noteExpected(parts, jobId, binding);
  const isRebound = known?.binding !== undefined && known.binding !== binding;
  if (noted === "expected" && known?.state === "expected" && isRebound) {
    parts.emit(warning("contested", reboundMessage(jobId), jobId));
  }
  return noted;
}

/** Writes the row of an expected job into the store. Polls begin with this row. */
export async function noteExpected(
  parts: Parts,
  jobId: string,
  binding: string | undefined,
): Promise<Expected> {
  const { store, callStore, poll, options, auth } = parts.settings;
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
  if (noted !== "contested") return noted;
  // The API confirms the result before the callback gets it, so any URL may have delivered it.
  if (auth.confirm !== undefined) return "arrived";
  await reportContested(parts, jobId, binding);
  return noted;
}

async function reportContested(
  { settings, emit }: Parts,
  jobId: string,
  binding: string | undefined,
): Promise<void> {
  const row = await lookUp(settings, jobId);
  const job = namedJob(jobId, binding);
  if (row !== undefined) {
    const { state, source = "webhook" } = row;
    emit({ type: "conflict", state, reason: "binding", source, ...job });
  }
  emit(warning("contested", contestedMessage(jobId), jobId));
}

const contestedMessage = (jobId: string): string =>
  `Job ${jobId} has a result that came by another URL than the one it is expected by. The result is kept, but may be invented: ask the provider for the job.`;

const reboundMessage = (jobId: string): string =>
  `Job ${jobId} was expected by another \`webhookUrl\` before. The newer one counts: a delivery by the older one is a conflict.`;

/** The binding that deliveries to this URL will have, as far as `auth` knows it before them. */
async function bindingFor(
  { auth }: Settings,
  { webhookUrl, ref }: { webhookUrl?: string | undefined; ref?: string | undefined },
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
