import { describeStack, toText } from "./describe-error.ts";
import type { DeadEvent, ReceiverEvent, RefusedEvent, RetryEvent } from "./events.ts";

/** How many jobs and reasons are remembered, so that each is printed once. */
const MAX_REMEMBERED = 1_000;

/**
 * Prints what a person must know when no `onEvent` is given: warnings, dead letters, the first
 * failure of each job with its stack, and each reason for a 400 or a 401 once.
 */
export function createConsoleListener(): (event: ReceiverEvent) => void {
  const printed = new Set<string>();
  const isFirst = (key: string): boolean => {
    if (printed.has(key)) return false;
    if (printed.size >= MAX_REMEMBERED) printed.clear();
    printed.add(key);
    return true;
  };
  return (event) => {
    const { type } = event;
    if (type === "warning") console.warn(`${PREFIX} ${event.error.message}`);
    if (type === "dead") console.error(`${PREFIX} ${describeDeath(event)}`);
    if (type === "retry" && isFirst(`job ${event.jobId}`)) {
      console.error(`${PREFIX} ${describeRetry(event)}`);
    }
    const isMistake = type === "refused" && (event.status === 400 || event.status === 401);
    if (isMistake && isFirst(`${event.status} ${event.reason}`)) {
      console.warn(`${PREFIX} ${describeRefusal(event)}`);
    }
  };
}

const PREFIX = "[abstrakt-webhooks]";

const nameOf = ({ jobId, ref }: { jobId: string; ref?: string }): string =>
  ref === undefined ? `job ${jobId}` : `job ${jobId} (ref ${ref})`;

function describeRetry(event: RetryEvent): string {
  const inS = Math.max(1, Math.round(event.delayMs / 1_000));
  const why = event.cause === undefined ? toText(event.error) : describeStack(event.cause);
  return `The callback of ${nameOf(event)} failed at attempt ${event.attempt}, and runs again in ${inS} s. Its later failures are not printed: pass \`onEvent\` to see them all. ${why}`;
}

function describeDeath(event: DeadEvent): string {
  const isFirstFailure = event.attempt === 1 && event.cause !== undefined;
  const why = isFirstFailure ? describeStack(event.cause) : event.error && toText(event.error);
  const after = `${nameOf(event)} is dead after attempt ${event.attempt} (${event.reason})`;
  return `${after}. Look at it with \`list({ state: "dead" })\`, and run it again with \`redrive\`.${why === undefined ? "" : ` ${why}`}`;
}

function describeRefusal({ status, reason, error }: RefusedEvent): string {
  const why = error === undefined ? (ADVICE[reason] ?? "") : ` ${error.message}`;
  return `A delivery was refused with ${status} (${reason}).${why} The same reason is not printed again.`;
}

/** What to do about a 401, by its reason. */
const ADVICE: Readonly<Record<string, string>> = {
  unauthorized: " `auth` did not admit it.",
};
