import type { InOwnContext } from "../../async-context.ts";
import { timer, type Clock } from "../../clock.ts";
import { createWakeTimes } from "./wake-times.ts";

/** The one timer of a receiver. When it rings, the loop makes a pass. */
export interface Alarm {
  /** Something is due in `delayMs`. Of all such calls the earliest counts. */
  wake(delayMs: number): void;
  /** Rings in `delayMs`, although nothing may be due then. */
  lookIn(delayMs: number): void;
  /** How long until something is due, as far as `wake` was told. `Infinity` if it was not. */
  dueInMs(): number;
  /** Sets what runs when the alarm rings. */
  onRing(pass: () => void): void;
  /** From now on the alarm never rings. */
  stop(): void;
}

/** An alarm that is not set yet. It rings in the receiver's own context, whoever has set it. */
export function createAlarm(now: Clock, inOwnContext: InOwnContext): Alarm {
  const wakeTimes = createWakeTimes();
  let ring = (): void => undefined;
  let cancelTimer = (): void => undefined;
  let ringsAtMs = Infinity;
  let stopped = false;

  const lookIn = (delayMs: number): void => {
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
      lookIn(delayMs);
    },
    lookIn,
    dueInMs: () => wakeTimes.first() - now(),
    onRing(pass) {
      ring = pass;
    },
    stop() {
      stopped = true;
      cancelTimer();
    },
  };
}
