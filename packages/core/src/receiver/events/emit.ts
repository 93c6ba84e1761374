import { type Clock, wallClock } from "../../clock.ts";
import { isThenable } from "../../when-ready.ts";
import { describeError, toText } from "./describe-error.ts";
import type { Emit, EventBody, ReceiverEvent, WarningCode } from "./events.ts";

export const warning = (code: WarningCode, message: string, jobId?: string): EventBody => ({
  type: "warning",
  ...(jobId !== undefined && { jobId }),
  error: { code, message },
});

/** Without a listener, warnings and dead letters still reach somebody. */
export function createEmit(
  onEvent: ((event: ReceiverEvent) => void) | undefined,
  clock: Clock = wallClock,
): Emit {
  if (onEvent === undefined) {
    return (event) => {
      if (event.type === "warning") console.warn(`[abstrakt-webhooks] ${event.error.message}`);
      if (event.type === "dead") {
        const why = event.error ? `: ${toText(event.error)}` : "";
        console.error(
          `[abstrakt-webhooks] job ${event.jobId} is dead after attempt ${event.attempt} (${event.reason})${why}`,
        );
      }
    };
  }
  return (event) => void guarded("onEvent", () => onEvent({ ...event, atMs: clock() }));
}

/**
 * Runs a user's listener; what it throws or rejects with goes to the console and harms nothing. No
 * promise where the listener is synchronous: three of them are called for every result.
 */
export function guarded(name: string, listener: () => unknown): void | Promise<void> {
  const complain = (thrown: unknown): void =>
    console.error(`[abstrakt-webhooks] ${name} threw ${toText(describeError(thrown))}`);
  try {
    const called = listener();
    if (isThenable(called)) return Promise.resolve(called).then(() => undefined, complain);
  } catch (thrown) {
    complain(thrown);
  }
}
