import { timer, type Clock } from "../../clock.ts";

/** The one timer of a receiver. When it rings, the loop makes a pass. */
export interface Alarm {
  /** Something is due in `delayMs`. Of all such calls the earliest counts. */
  wake(delayMs: number): void;
  /** Sets what runs when the alarm rings. */
  onRing(pass: () => void): void;
  /** From now on the alarm never rings. */
  stop(): void;
}

/** An alarm that is not set yet. */
export function createAlarm(now: Clock): Alarm {
  let ring = (): void => undefined;
  let cancelTimer = (): void => undefined;
  let ringsAtMs = Infinity;
  let stopped = false;

  return {
    wake(delayMs) {
      const nowMs = now();
      // On Workers a timer ends with the request that set it, so the last one may never have fired.
      const isOverdue = ringsAtMs <= nowMs;
      if (stopped || (!isOverdue && nowMs + delayMs >= ringsAtMs)) return;
      cancelTimer();
      const inMs = isOverdue ? 0 : delayMs;
      ringsAtMs = nowMs + inMs;
      cancelTimer = timer(inMs, () => {
        ringsAtMs = Infinity;
        ring();
      });
    },
    onRing(pass) {
      ring = pass;
    },
    stop() {
      stopped = true;
      cancelTimer();
    },
  };
}
