import { namedJob } from "../../auth/binding.ts";
import { refusesJob, retryAfterMsOf, type JobClient } from "../../job-client.ts";
import { readValue, type ReadPayload } from "../../payload/read-payload.ts";
import type { ExpectedJobs, PollLease } from "../../store/capabilities.ts";
import type { JobRecord } from "../../store/job-store.ts";
import { lookUp } from "../../store/store-call.ts";
import { describeError } from "../events/describe-error.ts";
import type { EventError } from "../events/events.ts";
import { emitDelivery, storeDelivery, type DeliveryReport } from "../store-delivery.ts";
import type { Parts } from "../parts.ts";
import { backoffMs } from "../run/backoff.ts";
import { reportDead } from "../run/dead-letter.ts";

const MAX_DELAY_MS = 600_000;

/** The provider's answer to a poll. */
export type PollAnswer =
  | { readonly reason: "arrived"; readonly payload: ReadPayload }
  | { readonly reason: "pending" | "unknown" | "unrecognized" }
  | PollFailure;

/** The client did not reach the provider, or the provider refused. */
export interface PollFailure {
  readonly reason: "failed";
  readonly error: EventError;
  /** True when the provider refused this job, and not every job. */
  readonly isFinal: boolean;
  readonly retryAfterMs: number;
}

/** Polls one job. Ends when `signal` aborts, even if the client ignores it. Never rejects. */
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

/** Reads the client's answer, in which `undefined` stands for 404. */
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

/**
 * Records the answer to a poll. It stores a result as a delivery, and returns the work that runs
 * it. After any other answer, the job is polled again later or becomes a dead letter.
 *
 * @throws AbstraktWebhookError `store_unavailable` or `draining`. The poll's lease then runs out.
 */
export async function concludePoll(
  parts: Parts,
  jobs: ExpectedJobs,
  lease: PollLease,
  answer: PollAnswer,
): Promise<DeliveryReport["work"]> {
  const { settings, emit, alarm } = parts;
  const job = namedJob(lease.jobId, lease.binding);
  const { polls: attempt } = lease;
  const { reason } = answer;
  if (reason === "arrived") {
    const report = await storeDelivery(parts, answer.payload, "poll", lease.binding);
    emit({ type: "poll", ...job, attempt, reason });
    emitDelivery(parts, report);
    return report.work;
  }
  const failure = reason === "failed" ? answer : undefined;
  const event = {
    type: "poll",
    ...job,
    attempt,
    reason,
    ...(failure && { error: failure.error }),
  } as const;
  if (lease.overdue && failure?.isFinal !== false) {
    emit(event);
    await giveUp(parts, jobs, lease);
    return undefined;
  }
  const { everyMs } = settings.poll;
  const backoff = { minDelayMs: everyMs, maxDelayMs: Math.max(everyMs, MAX_DELAY_MS), factor: 2 };
  const delayMs = Math.max(backoffMs(attempt, backoff), failure?.retryAfterMs ?? 0);
  emit({ ...event, delayMs });
  await settings.callStore(() => jobs.settlePoll(lease, { againAfterMs: delayMs }));
  alarm.wake(delayMs);
  return undefined;
}

async function giveUp(
  parts: Parts,
  jobs: ExpectedJobs,
  { jobId, fence, binding }: PollLease,
): Promise<void> {
  const { settings } = parts;
  const error = "never_delivered";
  const settled = await settings
    .callStore(() => jobs.settlePoll({ jobId, fence }, { giveUp: error }))
    .catch(async (thrown: unknown) => {
      // It may be recorded although the reply was lost, and then no poll comes here again.
      const row = await lookUp(settings, jobId);
      if (row?.state === "dead" && row.fence === fence) return true;
      throw thrown;
    });
  // False when the result has arrived during the poll.
  if (!settled) return;
  parts.waiters.notify(jobId);
  const row: JobRecord = { jobId, state: "dead", attempts: 0, fence, conflicts: 0, error };
  await reportDead(parts, { ...namedJob(jobId, binding), attempt: 0, reason: error }, row);
}
