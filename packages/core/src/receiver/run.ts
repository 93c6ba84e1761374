import type { JobResult } from "../job-result.ts";
import { fingerprint } from "../payload/fingerprint.ts";
import { parsePayload } from "../payload/parse-payload.ts";
import type { JobRecord, Lease, Settlement } from "../store/job-store.ts";
import { startAttempt, type AttemptEnd } from "./attempt.ts";
import { backoffMs } from "./backoff.ts";
import type { Cancellation } from "./cancellation.ts";
import type { DeathReason, Emit, EventError } from "./events.ts";
import type { Settings } from "./settings.ts";
import { settle } from "./settle.ts";
import { storeCall } from "./store-call.ts";
import { lookUp, tellDead } from "./tell-dead.ts";

/** How a run under a lease ended, as the store has it now. */
export type RunEnd = "done" | "retry" | "dead" | "released" | "lost";

const UNKNOWN_ATTEMPTS = 3;

/** What `run` needs of the worker it runs in. */
export interface RunHost {
  readonly settings: Settings;
  readonly emit: Emit;
  /** While an attempt runs, so that a drain can cut it off. */
  readonly cancellations: Set<Cancellation>;
  /** A job is due again in `delayMs`. */
  wake(delayMs: number): void;
  /** True once a drain has ended: nothing starts, and nobody waits for the store. */
  isStopped(): boolean;
}

/** One lease from the claim to its settlement. Never rejects. */
export async function run(
  host: RunHost,
  lease: Lease,
  sentAtMs: number,
  known?: JobResult,
): Promise<RunEnd> {
  const { settings, emit } = host;
  const { maxAttempts } = settings.retry;
  if (host.isStopped()) return release(host, lease);
  // The run before this one took the process with it, as often as it may.
  if (lease.attempt > maxAttempts) return die(host, lease, "attempts_exhausted");
  const result = known ?? readResult(lease.payload);
  if (result === undefined) return die(host, lease, "unrecognized");

  emit({ type: "attempt", jobId: lease.jobId, attempt: lease.attempt });
  const startedAtMs = settings.now();
  const { leaseMs, storeTimeoutMs } = settings.limits;
  const extend = () => settings.store.settle(lease, { to: "extend", leaseMs });
  const attempt = startAttempt(settings, lease, result, sentAtMs, () =>
    storeCall(extend, storeTimeoutMs),
  );
  host.cancellations.add(attempt.cancellation);
  const end = await attempt.end;
  host.cancellations.delete(attempt.cancellation);
  return conclude(host, lease, result, end, settings.now() - startedAtMs);
}

async function conclude(
  host: RunHost,
  lease: Lease,
  delivered: JobResult,
  end: AttemptEnd,
  handlerMs: number,
): Promise<RunEnd> {
  const { jobId, attempt } = lease;
  switch (end.kind) {
    case "handled": {
      const result = end.result ?? (lease.fingerprint === undefined ? delivered : undefined);
      const written = result && { payload: JSON.stringify(result), fingerprint: fingerprint(result) };
      const settled = await settleOr(host, lease, { to: "done", ...(written && { result: written }) });
      if (settled) host.emit({ type: "done", jobId, attempt, handlerMs });
      return settled ? "done" : "lost";
    }
    case "drained":
      return release(host, lease);
    case "lease_lost":
      warnLost(host, lease);
      return "lost";
    case "handler_timeout":
      return fail(host, lease, handlerMs, {
        code: end.kind,
        message: `The callback outlived ${host.settings.limits.handlerTimeoutMs} ms (limits.handlerTimeoutMs).`,
      });
    case "unknown":
      // With fewer attempts than that, the last one must free the place as well.
      if (
        attempt >= Math.min(UNKNOWN_ATTEMPTS, host.settings.retry.maxAttempts) &&
        lease.expected !== true
      ) {
        return die(host, lease, "unknown_job", handlerMs);
      }
      return fail(host, lease, handlerMs, {
        code: "unknown_job",
        message: "The provider does not know this job.",
      });
    case "failed":
      return fail(host, lease, handlerMs, end.error);
  }
}

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
  if (!(await settleOr(host, lease, { to: "retry", delayMs, error: toText(error) }))) return "lost";
  host.emit({ type: "retry", jobId, attempt, handlerMs, delayMs, error });
  host.wake(delayMs);
  return "retry";
}

async function die(
  host: RunHost,
  lease: Lease,
  reason: DeathReason,
  handlerMs?: number,
  error?: EventError,
): Promise<RunEnd> {
  const text = error === undefined ? reason : toText(error);
  const free = reason === "attempts_exhausted" ? undefined : ({ free: true } as const);
  if (!(await settleOr(host, lease, { to: "dead", error: text, ...free }))) return "lost";
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

async function release(host: RunHost, lease: Lease): Promise<RunEnd> {
  return (await settleOr(host, lease, { to: "release" })) ? "released" : "lost";
}

async function settleOr(host: RunHost, lease: Lease, settlement: Settlement): Promise<boolean> {
  const settled = await settle(host.settings, host.emit, lease, settlement, host.isStopped);
  if (!settled) warnLost(host, lease);
  return settled;
}

const warnLost = ({ emit }: RunHost, lease: Lease): void =>
  emit({
    type: "warning",
    jobId: lease.jobId,
    error: {
      code: "lease_lost",
      message: `Attempt ${lease.attempt} of job ${lease.jobId} lost its lease, so its outcome is not recorded; whoever holds the lease now runs it again. Is the event loop blocked, or leaseMs too short?`,
    },
  });

function readResult(payload: string): JobResult | undefined {
  try {
    const parsed = parsePayload(JSON.parse(payload));
    return parsed.kind === "result" ? parsed.result : undefined;
  } catch {
    return undefined;
  }
}

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
