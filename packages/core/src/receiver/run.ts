import type { JobResult } from "../job-result.ts";
import { parsePayload } from "../payload/parse-payload.ts";
import type { Lease } from "../store/job-store.ts";
import { startAttempt, type AttemptEnd } from "./attempt.ts";
import { conclude, die, release } from "./conclude.ts";
import type { RunEnd, RunHost } from "./run-host.ts";

/** One lease from the claim to its settlement. */
export function run(
  host: RunHost,
  lease: Lease,
  sentAtMs: number,
  known?: JobResult,
): Promise<RunEnd> {
  const { settings, emit } = host;
  const owed = host.owed.get(lease.jobId);
  if (owed?.payload === lease.payload) return owed.renew(lease);
  if (host.isStopped()) return release(host, lease);
  // Granted so late that it is over already: somebody else may have it by now.
  if (settings.now() - sentAtMs >= settings.limits.leaseMs) {
    host.wake(0);
    return Promise.resolve("lost");
  }
  // The run before this one took the process with it, as often as it may.
  if (lease.attempt > settings.retry.maxAttempts) return die(host, lease, "attempts_exhausted");
  const result = known ?? readResult(lease.payload);
  if (result === undefined) return die(host, lease, "unrecognized");

  emit({ type: "attempt", jobId: lease.jobId, attempt: lease.attempt });
  const startedAtMs = settings.now();
  const { end, cancellation } = startAttempt(settings, lease, result, sentAtMs);
  const goOn = (ended: AttemptEnd) =>
    conclude(host, lease, result, ended, settings.now() - startedAtMs);
  if (!(end instanceof Promise)) return goOn(end);
  host.cancellations.add(cancellation);
  return end.then((ended) => {
    host.cancellations.delete(cancellation);
    return goOn(ended);
  });
}

function readResult(payload: string): JobResult | undefined {
  try {
    const parsed = parsePayload(JSON.parse(payload));
    return parsed.kind === "result" ? parsed.result : undefined;
  } catch {
    return undefined;
  }
}
