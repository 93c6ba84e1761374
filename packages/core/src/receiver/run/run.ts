import type { JobResult } from "../../job-result.ts";
import { storedResult } from "../../payload/parse-payload.ts";
import { type AttemptEnd, startAttempt } from "./attempt.ts";
import { conclude, concludeCommitted, die, release } from "./conclude.ts";
import type { Held, RunEnd, RunHost } from "./worker-state.ts";

/** The time of a lease's callback. */
export interface Turn {
  /** False where it has to wait for a place. */
  begin(): boolean;
  /** The callback has ended, its lease is yet to be settled. */
  over(): void;
}

/** One lease from the claim to its settlement. */
export function run(
  host: RunHost,
  lease: Held,
  sentAtMs: number,
  known: JobResult | undefined,
  turn: Turn,
): Promise<RunEnd> {
  const { settings, emit } = host;
  const owed = host.owed.get(lease.jobId);
  if (owed?.payload === lease.payload) return owed.renew(lease);
  if (host.isStopped()) return release(host, lease);
  const startedAtMs = settings.now();
  // Granted so late that it is over already: somebody else may have it by now.
  if (startedAtMs - sentAtMs >= settings.limits.leaseMs) {
    host.wake(0);
    return Promise.resolve("lost");
  }
  // The run before this one took the process with it, as often as it may.
  if (lease.attempt > settings.retry.maxAttempts) return die(host, lease, "attempts_exhausted");
  const result = known ?? storedResult(lease.payload);
  if (result === undefined) return die(host, lease, "unrecognized");

  if (!turn.begin()) return makeWay(host, lease);
  emit({ type: "attempt", jobId: lease.jobId, attempt: lease.attempt });
  const { end, cancellation, completion } = startAttempt(settings, lease, result, sentAtMs);
  const goOn = (ended: AttemptEnd) => {
    turn.over();
    const handlerMs = settings.now() - startedAtMs;
    const concludes = completion?.asked ? concludeCommitted : conclude;
    return concludes(host, lease, result, ended, handlerMs);
  };
  if (!(end instanceof Promise)) return goOn(end);
  host.cancellations.add(cancellation);
  return end.then((ended) => {
    host.cancellations.delete(cancellation);
    const confirmed = ended.kind === "handled" ? ended.result : undefined;
    const concluded = goOn(ended);
    if (confirmed === undefined) return concluded;
    return concluded.then((runEnd) => {
      // Not left to a look into the store, which may have dropped it at `done`.
      if (runEnd === "done") host.tell(lease.jobId, confirmed);
      return runEnd;
    });
  });
}

/** While it waited for its turn others have filled every place: it comes back when one is free. */
async function makeWay(host: RunHost, lease: Held): Promise<RunEnd> {
  const end = await release(host, lease);
  host.wake(0);
  return end;
}
