import { type Clock, timer } from "../../clock.ts";

/**
 * Extends a lease every third of it. This process decides whether the lease is still its own, by a
 * monotonic clock read before each request was sent: so a process that was paused knows that it is
 * late.
 *
 * @returns a function that stops the heartbeat.
 */
export function startHeartbeat(o: {
  leaseMs: number;
  /** When the request that granted the lease was sent. */
  sentAtMs: number;
  now: Clock;
  /** Answers false where the lease is lost. A rejection leaves the question open. */
  extend: () => Promise<boolean>;
  onLost: () => void;
}): () => void {
  let leasedUntilMs = o.sentAtMs + o.leaseMs;
  let cancelTimer = (): void => undefined;
  let stopped = false;

  const stop = (): void => {
    stopped = true;
    cancelTimer();
  };
  const lost = (): void => {
    if (stopped) return;
    stop();
    o.onLost();
  };
  const beat = (): void => {
    const sentAtMs = o.now();
    if (sentAtMs >= leasedUntilMs) return lost();
    schedule();
    o.extend().then(
      (ours) => {
        if (ours) leasedUntilMs = Math.max(leasedUntilMs, sentAtMs + o.leaseMs);
        else lost();
      },
      // The store is down: the lease stays valid until its time is over.
      () => undefined,
    );
  };
  const schedule = (): void => {
    const leftMs = leasedUntilMs - o.now();
    cancelTimer = timer(Math.min(o.leaseMs / 3, leftMs), beat);
  };

  schedule();
  return stop;
}
