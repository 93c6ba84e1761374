import { describeStack, toText } from "./describe-error.ts";
import type { DeadEvent, ReceiverEvent, RefusedEvent, RetryEvent } from "./events.ts";

/** How many jobs and reasons the listener remembers, so that it prints each once. */
const MAX_REMEMBERED = 1_000;

/**
 * Prints what a person must know when no `onEvent` is given: warnings, dead letters, the first
 * failure of each job with its stack, and each reason for a 400, a 401 or a 500 once.
 *
 * @param advice what to do about a 401, by its reason.
 */
export function createConsoleListener(
  advice: Readonly<Record<string, string>>,
): (event: ReceiverEvent) => void {
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
    if (
      type === "refused" &&
      MISTAKE_STATUSES.has(event.status) &&
      isFirst(`${event.status} ${event.reason}`)
    ) {
      console.warn(`${PREFIX} ${describeRefusal(event, advice[event.reason])}`);
    }
  };
}

/** The statuses that last until a person changes something. An outage (503) has its own warning. */
const MISTAKE_STATUSES: ReadonlySet<number> = new Set([400, 401, 500]);

const PREFIX = "[abstrakt-webhooks]";

const nameOf = ({ jobId, ref }: { jobId: string; ref?: string }): string =>
  ref === undefined ? `job ${jobId}` : `job ${jobId} (ref ${ref})`;

function describeRetry(event: RetryEvent): string {
  const inS = Math.max(1, Math.round(event.delayMs / 1_000));
  // Without a cause, the callback may not have run: `auth` did not confirm the result.
  const what =
    event.cause === undefined
      ? `Attempt ${event.attempt} of ${nameOf(event)} failed: ${toText(event.error)}`
      : `The callback of ${nameOf(event)} failed at attempt ${event.attempt}: ${describeStack(event.cause)}`;
  return `${what}\n  It runs again in ${inS} s. Its later failures are not printed: pass \`onEvent\` to see them all.`;
}

function describeDeath(event: DeadEvent): string {
  if (event.reason === "unrecognized") return describeUnrecognized(event);
  const isFirstFailure = event.attempt === 1 && event.cause !== undefined;
  const why = isFirstFailure ? describeStack(event.cause) : event.error && toText(event.error);
  const attempts = event.attempt === 0 ? "" : ` after attempt ${event.attempt}`;
  const after = `${nameOf(event)} is dead${attempts} (${event.reason})`;
  return `${after}. Look at it with \`list({ state: "dead" })\`, and run it again with \`redrive\`.${why === undefined ? "" : ` ${why}`}`;
}

const describeUnrecognized = (event: DeadEvent): string =>
  `${nameOf(event)} is dead (unrecognized): ${event.error?.message ?? "its payload holds no result"}. Nothing ran for it. Look at the record's \`payload\` in \`list({ state: "dead" })\`.`;

const describeRefusal = (
  { status, reason, error }: RefusedEvent,
  advice = "Look at what your `auth` answers to this request.",
): string =>
  `A delivery was refused with ${status} (${reason}). ${error?.message ?? advice} The same reason is not printed again.`;
