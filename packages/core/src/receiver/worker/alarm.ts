import type { InOwnContext } from "../../async-context.ts";
import { timer, type Clock } from "../../clock.ts";
import { createWakeTimes } from "./wake-times.ts";

/** The one timer of a receiver. When it rings, the loop claims due jobs. */
export interface Alarm {
  /** Rings when a job is due, in `delayMs`. The earliest of all such times counts. */
  wake(delayMs: number): void;
  /** Rings in `delayMs`, even if no job is due then. */
  ringIn(delayMs: number): void;
  /** The time until the earliest due time that `wake` was given. `Infinity` if there is none. */
  dueInMs(): number;
  /** Sets what runs when the alarm rings. */
  onRing(ring: () => void): void;
  /** From now on the alarm never rings. */
  stop(): void;
}

/** Makes an alarm that is not set. It rings in the receiver's own async context. */
export function createAlarm(now: Clock, inOwnContext: InOwnContext): Alarm {
  const wakeTimes = createWakeTimes();
  let ring = (): void => undefined;
  let cancelTimer = (): void => undefined;
  let ringsAtMs = Infinity;
  let stopped = false;

  const ringIn = (delayMs: number): void => {
    const nowMs = now();
    // On Workers a timer ends with the request that set it, so the last one may never have fired.
    const isOverdue = ringsAtMs <= nowMs;
    if (stopped || (!isOverdue && nowMs + delayMs >= ringsAtMs)) return;
    cancelTimer();
    const inMs = isOverdue ? 0 : delayMs;
    ringsAtMs = nowMs + inMs;
    const onTime = (): void => {
      ringsAtMs = Infinity;
      wakeTimes.forgetUntil(now());
      ring();
    };
    cancelTimer = inOwnContext(() => timer(inMs, onTime));
  };

  return {
    wake(delayMs) {
      if (delayMs > 0 && !stopped) wakeTimes.add(now() + delayMs);
      ringIn(delayMs);
    },
    ringIn,
    dueInMs: () => wakeTimes.first() - now(),
    onRing(newRing) {
      ring = newRing;
    },
    stop() {
      stopped = true;
      cancelTimer();
    },
  };
}
