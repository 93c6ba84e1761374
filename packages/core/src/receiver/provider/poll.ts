import { type JobClient, refusesJob, retryAfterMsOf } from "../../job-client.ts";
import { type ReadPayload, readValue } from "../../payload/read-payload.ts";
import type { ExpectedJobs, JobRecord, PollLease } from "../../store/job-store.ts";
import { describeError } from "../events/describe-error.ts";
import type { EventError } from "../events/events.ts";
import { announce, intake, type Intake } from "../intake.ts";
import type { Kit } from "../parts.ts";
import { backoffMs } from "../run/backoff.ts";
import { lookUp, tellDead } from "../run/dead-letter.ts";

const LONGEST_DELAY_MS = 600_000;

/**
 * Records what a poll has found: a result goes through the one door, and its work is answered;
 * anything else is asked for again later, or given up.
 *
 * @throws AbstraktWebhookError `store_unavailable` or `draining`: the poll's lease runs out.
 */
export async function concludePoll(
  kit: Kit,
  jobs: ExpectedJobs,
  lease: PollLease,
  answer: PollAnswer,
): Promise<Intake["work"]> {
  const { settings, emit, loop } = kit;
  const { jobId, polls: attempt } = lease;
  const { reason } = answer;
  if (reason === "arrived") {
    const taken = await intake(kit, answer.payload, "poll", lease.binding);
    emit({ type: "poll", jobId, attempt, reason });
    announce(kit, taken);
    return taken.work;
  }
  const failure = reason === "failed" ? answer : undefined;
  const told = {
    type: "poll",
    jobId,
    attempt,
    reason,
    ...(failure && { error: failure.error }),
  } as const;
  if (lease.overdue && failure?.isFinal !== false) {
    emit(told);
    await giveUp(kit, jobs, lease);
    return undefined;
  }
  const { everyMs } = settings.poll;
  const backoff = {
    minDelayMs: everyMs,
    maxDelayMs: Math.max(everyMs, LONGEST_DELAY_MS),
    factor: 2,
  };
  const delayMs = Math.max(backoffMs(attempt, backoff), failure?.retryAfterMs ?? 0);
  emit({ ...told, delayMs });
  await settings.callStore(() => jobs.settlePoll(lease, { againAfterMs: delayMs }));
  loop.wake(delayMs);
  return undefined;
}

async function giveUp(
  { settings, emit, waits }: Kit,
  jobs: ExpectedJobs,
  { jobId, fence }: PollLease,
): Promise<void> {
  const error = "never_delivered";
  const given = await settings.callStore(() =>
    jobs.settlePoll({ jobId, fence }, { giveUp: error }),
  );
  // Its result has come while the provider was asked.
  if (!given) return;
  waits.tell(jobId);
  emit({ type: "dead", jobId, attempt: 0, reason: error });
  const row = await lookUp(settings, jobId);
  const unread: JobRecord = { jobId, state: "dead", attempts: 0, fence, conflicts: 0, error };
  await tellDead(settings, row ?? unread);
}

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
