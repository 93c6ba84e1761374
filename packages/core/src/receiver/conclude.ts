import type { JobResult } from "../job-result.ts";
import { fingerprint } from "../payload/fingerprint.ts";
import type { JobRecord, Lease, Settlement } from "../store/job-store.ts";
import type { AttemptEnd } from "./attempt.ts";
import { backoffMs } from "./backoff.ts";
import type { DeathReason, EventError } from "./events.ts";
import type { RunEnd, RunHost } from "./run-host.ts";
import { settle, warnLost } from "./settle.ts";
import { lookUp, tellDead } from "./tell-dead.ts";

const UNKNOWN_ATTEMPTS = 3;

/** Records how an attempt ended: done, due again, dead or given back. */
export function conclude(
  host: RunHost,
  lease: Lease,
  delivered: JobResult,
  end: AttemptEnd,
  handlerMs: number,
): Promise<RunEnd> {
  switch (end.kind) {
    case "handled": {
      const written = end.result ?? (lease.fingerprint === undefined ? delivered : undefined);
      return finish(host, lease, written, handlerMs);
    }
    case "drained":
      return release(host, lease);
    case "lease_lost":
      warnLost(host, lease);
      host.wake(0);
      return Promise.resolve("lost");
    case "handler_timeout":
      return fail(host, lease, handlerMs, timedOut(host));
    case "unknown":
      return isUnknownForGood(host, lease)
        ? die(host, lease, "unknown_job", handlerMs)
        : fail(host, lease, handlerMs, UNKNOWN_JOB);
    case "failed":
      return fail(host, lease, handlerMs, end.error);
  }
}

async function finish(
  host: RunHost,
  lease: Lease,
  written: JobResult | undefined,
  handlerMs: number,
): Promise<RunEnd> {
  if (!(await settle(host, lease, toDone(written)))) return "lost";
  host.emit({ type: "done", jobId: lease.jobId, attempt: lease.attempt, handlerMs });
  return "done";
}

const DONE: Settlement = { to: "done" };

const toDone = (written: JobResult | undefined): Settlement =>
  written === undefined
    ? DONE
    : {
        to: "done",
        result: { payload: JSON.stringify(written), fingerprint: fingerprint(written) },
      };

async function fail(
  host: RunHost,
  lease: Lease,
  handlerMs: number,
  error: EventError,
): Promise<RunEnd> {
  const { jobId, attempt } = lease;
  const { retry } = host.settings;
  if (attempt >= retry.maxAttempts) return die(host, lease, "attempts_exhausted", handlerMs, error);
  const delayMs = backoffMs(attempt, retry);
  if (!(await settle(host, lease, { to: "retry", delayMs, error: toText(error) }))) return "lost";
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
): Promise<RunEnd> {
  const text = error === undefined ? reason : toText(error);
  const free = reason === "attempts_exhausted" ? undefined : ({ free: true } as const);
  if (!(await settle(host, lease, { to: "dead", error: text, ...free }))) return "lost";
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
  return "dead";
}

/** Gives a lease back untried. */
export async function release(host: RunHost, lease: Lease): Promise<RunEnd> {
  return (await settle(host, lease, { to: "release" })) ? "released" : "lost";
}

// With fewer attempts than that, the last one must free the place as well.
const isUnknownForGood = ({ settings }: RunHost, lease: Lease): boolean =>
  lease.expected !== true &&
  lease.attempt >= Math.min(UNKNOWN_ATTEMPTS, settings.retry.maxAttempts);

const UNKNOWN_JOB: EventError = {
  code: "unknown_job",
  message: "The provider does not know this job.",
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

const toText = (error: EventError): string => `${error.code}: ${error.message}`;
