import type { JobRecord, Settlement } from "../../store/job-store.ts";
import { describeCause, toText } from "../events/describe-error.ts";
import { withHidden } from "../events/emit.ts";
import type { DeathReason, EventBody, EventError } from "../events/events.ts";
import type { AttemptEnd, Failure } from "./attempt.ts";
import { backoffMs } from "./backoff.ts";
import { reportDead } from "./dead-letter.ts";
import type { Completion } from "./settle-in.ts";
import { isDoneUnder, settle, warnLost } from "./settle.ts";
import {
  countUnknown,
  isUnknownForGood,
  keepCount,
  unknownJob,
  waitMs,
  type Unconfirmed,
} from "./unconfirmed.ts";
import type { Run, RunEnd } from "./worker-state.ts";

/** Records how an attempt ended: done, due again, dead or released. */
export function conclude(run: Run, completion: Completion, end: AttemptEnd): Promise<RunEnd> {
  switch (end.kind) {
    case "handled":
      return complete(run, completion);
    case "drained":
      return release(run);
    case "lease_lost":
      warnLost(run.state, run.lease);
      run.state.alarm.wake(0);
      return Promise.resolve("lost");
    case "handler_timeout":
      return fail(run, { error: timedOut(run) });
    case "unknown":
      return concludeUnknown(run);
    case "unconfirmed":
      return concludeUnconfirmed(run, end);
    case "failed":
      return fail(run, end);
  }
}

/**
 * Records the end of an attempt that called `ctx.settleIn`: its transaction decides what is done.
 */
export async function concludeCommitted(
  run: Run,
  completion: Completion,
  end: AttemptEnd,
): Promise<RunEnd> {
  if (await isDoneUnder(run.state, run.lease)) return completed(run, completion);
  return end.kind === "handled"
    ? fail(run, { error: notCommitted(completion) })
    : conclude(run, completion, end);
}

function complete(run: Run, completion: Completion): Promise<RunEnd> {
  const { result } = completion;
  const done: Settlement = result ? { to: "done", result } : DONE;
  return settle(run.state, run.lease, done).then((end) =>
    end === "done" ? completed(run, completion) : end,
  );
}

function completed(run: Run, { result }: Completion): RunEnd {
  // Waiters get the payload here, because the store may drop the payload of a done job.
  if (result) run.state.waiters.notify(run.lease.jobId, result.payload);
  return emitDone(run);
}

function emitDone({ state, lease, job, handlerMs = 0 }: Run): RunEnd {
  // The console does not print this event.
  if (state.hasListeners()) state.emit({ type: "done", ...job, attempt: lease.attempt, handlerMs });
  return "done";
}

const DONE: Settlement = { to: "done" };

async function concludeUnknown(run: Run): Promise<RunEnd> {
  const { state, lease } = run;
  state.apiOutage.over();
  const times = await countUnknown(state.settings, lease);
  return isUnknownForGood(state.settings, lease, times)
    ? makeDead(run, "unknown_job")
    : fail(run, { error: unknownJob(times) }, lease.expected !== true);
}

async function concludeUnconfirmed(run: Run, end: Unconfirmed): Promise<RunEnd> {
  const { state, lease } = run;
  if (end.isOutage) state.apiOutage.failed(toText(end.error));
  else state.apiOutage.over();
  const delayMs = waitMs(state.settings, lease, end);
  const error = await keepCount(state.settings, lease, end.error);
  return delayMs === undefined
    ? fail(run, { error }, lease.expected !== true)
    : tryAgain(run, "release", delayMs, { error });
}

/** `frees`: once the job is dead, a later result may replace one that was never confirmed. */
function fail(run: Run, failure: Failure, frees = false): Promise<RunEnd> {
  const { retry } = run.state.settings;
  const leftMs = backoffLeftMs(run);
  // A sender decides how often it redelivers. That must not use up the attempts in an outage.
  if (leftMs > 0) return tryAgain(run, "release", leftMs, failure);
  return run.lease.attempt >= retry.maxAttempts
    ? makeDead(run, "attempts_exhausted", failure, frees)
    : tryAgain(run, "retry", backoffMs(run.lease.attempt, retry), failure);
}

/** Makes the job due again. `"release"` does not count the attempt. */
async function tryAgain(
  run: Run,
  to: "retry" | "release",
  delayMs: number,
  { error, cause }: Failure,
): Promise<RunEnd> {
  const { state, job, handlerMs = 0 } = run;
  const { attempt } = run.lease;
  const end = await record(run, { to, delayMs, error: toText(error) });
  if (end === "done" || end === "lost") return end;
  const body: EventBody = { type: "retry", ...job, attempt, handlerMs, delayMs, error };
  state.emit(withHidden(body, "cause", cause));
  state.alarm.wake(delayMs);
  return "retry";
}

/** Makes the job a dead letter: settles its lease, emits `dead` and calls `onDead`. */
export async function makeDead(
  run: Run,
  reason: DeathReason,
  failure?: Failure,
  frees = reason !== "attempts_exhausted",
): Promise<RunEnd> {
  const { state, lease, job, handlerMs } = run;
  const text =
    reason === "attempts_exhausted" && failure !== undefined ? toText(failure.error) : reason;
  const end = await record(run, { to: "dead", error: text, ...(frees && { free: true }) });
  if (end !== "dead") return end;
  const death = {
    ...job,
    attempt: lease.attempt,
    reason,
    ...(handlerMs !== undefined && { handlerMs }),
    ...(failure && { error: failure.error, cause: failure.cause }),
  };
  await reportDead(state, death, deadRecord(run, text));
  return end;
}

/** Releases a lease without counting its attempt. The job is due when its backoff ends. */
export const release = (run: Run): Promise<RunEnd> =>
  record(run, { to: "release", delayMs: backoffLeftMs(run) });

/**
 * Releases a lease whose confirmation found no room. The job waits as long as it would wait if the
 * provider had not answered. No confirmation was made, so no event is emitted.
 */
export function postpone(run: Run): Promise<RunEnd> {
  const { state, lease } = run;
  const waitedMs = waitMs(state.settings, lease, { retryAfterMs: 0 }) ?? MAX_POSTPONE_MS;
  const delayMs = Math.max(backoffLeftMs(run), waitedMs);
  state.alarm.wake(delayMs);
  return record(run, { to: "release", delayMs });
}

const MAX_POSTPONE_MS = 600_000;

/** Settles a lease. If the callback's own transaction was first, the job is done. */
async function record(run: Run, settlement: Settlement): Promise<RunEnd> {
  const end = await settle(run.state, run.lease, settlement);
  return end === "done" ? emitDone(run) : end;
}

/** The rest of the job's backoff, if a redelivery started the attempt before the backoff ended. */
const backoffLeftMs = ({ state, lease }: Run): number =>
  Math.max(0, (lease.backoffUntilMs ?? 0) - state.settings.now());

function notCommitted({ refused }: Completion): EventError {
  const why = refused === undefined ? "" : ` It was refused: ${describeCause(refused)}`;
  return {
    code: "not_committed",
    message: `The callback ended well, but the transaction it gave to ctx.settleIn did not commit. Put \`await\` before ctx.settleIn(tx), and commit after it.${why}`,
  };
}

const timedOut = ({ state }: Run): EventError => ({
  code: "handler_timeout",
  message: `The callback ran longer than ${state.settings.limits.handlerTimeoutMs} ms (limits.handlerTimeoutMs).`,
});

const deadRecord = ({ lease }: Run, error: string): JobRecord => ({
  jobId: lease.jobId,
  state: "dead",
  attempts: lease.attempt,
  fence: lease.fence,
  conflicts: 0,
  source: lease.source,
  payload: lease.payload,
  receivedAtMs: lease.receivedAtMs,
  error,
});
