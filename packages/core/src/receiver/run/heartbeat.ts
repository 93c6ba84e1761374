import { type Clock, timer } from "../../clock.ts";

export interface Heartbeat {
  stop(): void;
  /** A newer lease was asked for at `sentAtMs`. Returns false if the lease is lost. */
  renew(sentAtMs: number): boolean;
}

/**
 * Extends a lease after each third of its time. This process decides whether it still holds the
 * lease. It compares with a monotonic time that it read before it sent each request, so a process
 * that was frozen notices that its lease has ended.
 */
export function startHeartbeat(o: {
  leaseMs: number;
  /** When the request that granted the lease was sent. */
  sentAtMs: number;
  now: Clock;
  /** Resolves to false when the lease is lost. A rejection decides nothing. */
  extend: () => Promise<boolean>;
  onLost: () => void;
}): Heartbeat {
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
  return {
    stop,
    renew(sentAtMs) {
      if (stopped || o.now() >= leasedUntilMs) return false;
      leasedUntilMs = Math.max(leasedUntilMs, sentAtMs + o.leaseMs);
      return true;
    },
  };
}
