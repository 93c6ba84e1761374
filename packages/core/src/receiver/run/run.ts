import type { JobResult } from "../../job-result.ts";
import { storedResult, whyUnrecognized } from "../../payload/parse-payload.ts";
import { lookUp } from "../../store/store-call.ts";
import { isThenable } from "../../when-ready.ts";
import { describeRowError } from "../events/describe-error.ts";
import { startAttempt, type AttemptEnd, type Failure } from "./attempt.ts";
import { conclude, concludeCommitted, makeDead, postpone, release } from "./after-attempt.ts";
import type { Run, RunEnd, Running } from "./worker-state.ts";

/** Runs one lease, from its claim to its settlement. `known` is its result, if already parsed. */
export function run(current: Run, known?: JobResult): Promise<RunEnd> {
  const { state, lease, sentAtMs } = current;
  const { settings } = state;
  const open = state.running.get(lease.jobId) ?? state.unsettled.get(lease.jobId);
  const renewed = open?.payload === lease.payload ? open.renew(lease, sentAtMs) : undefined;
  if (renewed) return renewed;
  if (state.isStopped()) return release(current);
  // The store granted the lease so late that it has expired. Another worker may hold the job.
  if (settings.now() - sentAtMs >= settings.limits.leaseMs) {
    state.alarm.wake(0);
    return Promise.resolve("lost");
  }
  if (lease.attempt > settings.retry.maxAttempts) return makeDeadUnrun(current);
  const delivered = known ?? storedResult(lease.payload);
  if (delivered === undefined)
    return makeDead(current, "unrecognized", unrecognized(lease.payload));

  const isUnexpected = settings.auth.confirm !== undefined && lease.expected !== true;
  if (isUnexpected && !state.unexpectedJobs.begin(lease)) return postpone(current);
  if (!state.slots.begin(current)) {
    state.unexpectedJobs.end(lease);
    return yieldSlot(current);
  }
  // The console does not print this event.
  if (state.hasListeners()) state.emit({ type: "attempt", ...current.job, attempt: lease.attempt });
  return attempt(current, delivered);
}

function attempt(current: Run, delivered: JobResult): Promise<RunEnd> {
  const { state, lease } = current;
  const { running } = state;
  const startedAtMs = state.settings.now();
  const { end, cancellation, completion } = startAttempt(current, delivered);
  const settle = (ended: AttemptEnd): Promise<RunEnd> => {
    state.unexpectedJobs.end(lease);
    state.slots.end(current);
    current.handlerMs = state.settings.now() - startedAtMs;
    return completion.called
      ? concludeCommitted(current, completion, ended)
      : conclude(current, completion, ended);
  };
  if (!isThenable(end)) return settle(end);
  state.cancellations.add(cancellation);
  const runEnd = end.then((ended) => {
    state.cancellations.delete(cancellation);
    // A later attempt of the job may have an entry of its own.
    if (running.get(lease.jobId) === entry) running.delete(lease.jobId);
    return settle(ended);
  });
  const entry: Running = {
    payload: lease.payload,
    renew(newer, sentAtMs) {
      if (!completion.heartbeat?.renew(sentAtMs)) return undefined;
      current.lease = newer;
      return runEnd;
    },
  };
  running.set(lease.jobId, entry);
  return runEnd;
}

/** Earlier runs have used up the attempts. The row says why the last one failed. */
async function makeDeadUnrun(current: Run): Promise<RunEnd> {
  const row = await lookUp(current.state.settings, current.lease.jobId);
  const failure = row?.error === undefined ? undefined : { error: describeRowError(row.error) };
  return makeDead(current, "attempts_exhausted", failure);
}

const unrecognized = (payload: string): Failure => ({
  error: { code: "unrecognized", message: whyUnrecognized(payload) },
});

/** Releases a lease that found every slot taken. The job is claimed again when a slot is free. */
async function yieldSlot(waiting: Run): Promise<RunEnd> {
  const end = await release(waiting);
  waiting.state.alarm.wake(0);
  return end;
}
