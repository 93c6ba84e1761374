import type { ExpectedJobs, JobRecord, PollLease } from "../store/job-store.ts";
import { announce } from "./announce.ts";
import { backoffMs } from "./backoff.ts";
import { intake, type Intake } from "./intake.ts";
import type { Kit } from "./kit.ts";
import type { PollAnswer } from "./poll-answer.ts";
import { lookUp, tellDead } from "./tell-dead.ts";

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
