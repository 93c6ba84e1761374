import { wallClock, type Clock } from "../clock.ts";
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

/** Runs a user's listener; what it throws or rejects with goes to the console and harms nothing. */
export async function guarded(name: string, listener: () => unknown): Promise<void> {
  try {
    await listener();
  } catch (thrown) {
    console.error(`[abstrakt-webhooks] ${name} threw ${toText(describeError(thrown))}`);
  }
}
