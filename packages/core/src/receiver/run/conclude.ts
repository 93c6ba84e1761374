import type { JobResult } from "../../job-result.ts";
import type { JobRecord, Lease, Settlement } from "../../store/job-store.ts";
import { toText } from "../events/describe-error.ts";
import type { DeathReason, EventError } from "../events/events.ts";
import type { AttemptEnd } from "./attempt.ts";
import { backoffMs } from "./backoff.ts";
import { lookUp, tellDead } from "./dead-letter.ts";
import { toStored } from "./settle-in.ts";
import { isDoneUnder, settle, warnLost } from "./settle.ts";
import {
  countUnknown,
  isUnknownForGood,
  keepCount,
  type Unconfirmed,
  unknownJob,
  waitMs,
} from "./unconfirmed.ts";
import type { Held, RunEnd, RunHost } from "./worker-state.ts";

/** Records how an attempt ended: done, due again, dead or given back. */
export function conclude(
  host: RunHost,
  lease: Held,
  delivered: JobResult,
  end: AttemptEnd,
  handlerMs: number,
): Promise<RunEnd> {
  switch (end.kind) {
    case "handled": {
      if (end.result) host.apiOutage.over();
      const result = toStored(lease, delivered, end.result);
      return record(host, lease, result ? { to: "done", result } : DONE, handlerMs);
    }
    case "drained":
      return release(host, lease, handlerMs);
    case "lease_lost":
      warnLost(host, lease);
      host.wake(0);
      return Promise.resolve("lost");
    case "handler_timeout":
      return fail(host, lease, handlerMs, timedOut(host));
    case "unknown":
      return concludeUnknown(host, lease, handlerMs);
    case "unconfirmed":
      return concludeUnconfirmed(host, lease, end, handlerMs);
    case "failed":
      return fail(host, lease, handlerMs, end.error);
  }
}

/** The same after a call of `ctx.settleIn`, when the transaction says whether the job is done. */
export async function concludeCommitted(
  host: RunHost,
  lease: Held,
  delivered: JobResult,
  end: AttemptEnd,
  handlerMs: number,
): Promise<RunEnd> {
  if (await isDoneUnder(host, lease)) return tellDone(host, lease, handlerMs);
  return end.kind === "handled"
    ? fail(host, lease, handlerMs, NOT_COMMITTED)
    : conclude(host, lease, delivered, end, handlerMs);
}

const DONE: Settlement = { to: "done" };

/** Settles; where the job is done, by this or by the callback's transaction, it is told. */
const record = (
  host: RunHost,
  lease: Lease,
  settlement: Settlement,
  handlerMs: number,
): Promise<RunEnd> =>
  settle(host, lease, settlement).then((end) =>
    end === "done" ? tellDone(host, lease, handlerMs) : end,
  );

function tellDone(host: RunHost, { jobId, attempt }: Lease, handlerMs: number): RunEnd {
  host.emit({ type: "done", jobId, attempt, handlerMs });
  return "done";
}

async function concludeUnknown(host: RunHost, lease: Held, handlerMs: number): Promise<RunEnd> {
  host.apiOutage.over();
  const times = await countUnknown(host.settings, lease);
  return isUnknownForGood(host.settings, lease, times)
    ? die(host, lease, "unknown_job", handlerMs)
    : fail(host, lease, handlerMs, unknownJob(times), lease.expected !== true);
}

async function concludeUnconfirmed(
  host: RunHost,
  lease: Held,
  end: Unconfirmed,
  handlerMs: number,
): Promise<RunEnd> {
  if (end.isOutage) host.apiOutage.failed(toText(end.error));
  else host.apiOutage.over();
  const delayMs = waitMs(host.settings, lease, end);
  const error = await keepCount(host.settings, lease, end.error);
  return delayMs === undefined
    ? fail(host, lease, handlerMs, error, lease.expected !== true)
    : tryAgain(host, lease, "release", delayMs, handlerMs, error);
}

/** `frees`: what was never confirmed is not to keep the place once it is dead. */
function fail(
  host: RunHost,
  lease: Held,
  handlerMs: number,
  error: EventError,
  frees = false,
): Promise<RunEnd> {
  const { retry } = host.settings;
  const earlyMs = earlyMsOf(host, lease);
  // Redeliveries come as often as the sender likes: they must not use up the attempts in an outage.
  if (earlyMs > 0) return tryAgain(host, lease, "release", earlyMs, handlerMs, error);
  return lease.attempt >= retry.maxAttempts
    ? die(host, lease, "attempts_exhausted", handlerMs, error, frees)
    : tryAgain(host, lease, "retry", backoffMs(lease.attempt, retry), handlerMs, error);
}

/** By `"release"` the attempt does not count. */
async function tryAgain(
  host: RunHost,
  lease: Lease,
  to: "retry" | "release",
  delayMs: number,
  handlerMs: number,
  error: EventError,
): Promise<RunEnd> {
  const { jobId, attempt } = lease;
  const end = await record(host, lease, { to, delayMs, error: toText(error) }, handlerMs);
  if (end === "done" || end === "lost") return end;
  host.emit({ type: "retry", jobId, attempt, handlerMs, delayMs, error });
  host.wake(delayMs);
  return "retry";
}

/** Gives a job up: recorded, told to the listener and handed to `onDead`. */
export async function die(
  host: RunHost,
  lease: Lease,
  reason: DeathReason,
  handlerMs?: number,
  error?: EventError,
  frees = reason !== "attempts_exhausted",
): Promise<RunEnd> {
  const text = error === undefined ? reason : toText(error);
  const free = frees ? ({ free: true } as const) : undefined;
  const end = await record(host, lease, { to: "dead", error: text, ...free }, handlerMs ?? 0);
  if (end !== "dead") return end;
  host.emit({
    type: "dead",
    jobId: lease.jobId,
    attempt: lease.attempt,
    reason,
    ...(handlerMs !== undefined && { handlerMs }),
    ...(error && { error }),
  });
  const row = await lookUp(host.settings, lease.jobId);
  await tellDead(host.settings, row ?? deadRecord(lease, text));
  return end;
}

/** Gives a lease back untried, to be due when it was due before. */
export const release = (host: RunHost, lease: Held, handlerMs = 0): Promise<RunEnd> =>
  record(host, lease, { to: "release", delayMs: earlyMsOf(host, lease) }, handlerMs);

/** How much of its backoff was left out, and is still to come. */
const earlyMsOf = ({ settings }: RunHost, { earlyUntilMs = 0 }: Held): number =>
  Math.max(0, earlyUntilMs - settings.now());

const NOT_COMMITTED: EventError = {
  code: "not_committed",
  message: "The callback ended well, but the transaction it gave to ctx.settleIn did not commit.",
};

const timedOut = ({ settings }: RunHost): EventError => ({
  code: "handler_timeout",
  message: `The callback outlived ${settings.limits.handlerTimeoutMs} ms (limits.handlerTimeoutMs).`,
});

const deadRecord = (lease: Lease, error: string): JobRecord => ({
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
