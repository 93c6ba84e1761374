import { wallClock } from "../../clock.ts";
import { refusesJob, retryAfterMsOf } from "../../job-client.ts";
import type { Lease } from "../../store/job-store.ts";
import { describeError } from "../events/describe-error.ts";
import type { EventError } from "../events/events.ts";
import type { Settings } from "../settings.ts";
import { lookUp } from "./dead-letter.ts";

const UNKNOWN_TIMES = 3;
const LONGEST_DELAY_MS = 600_000;

/** Nobody could say yet whether a result is true. */
export interface Unconfirmed {
  readonly kind: "unconfirmed";
  readonly error: EventError;
  /** Nobody was reached, or nobody who would tell of any job. */
  readonly isOutage: boolean;
  /** How long the provider asks to be left alone, or 0. */
  readonly retryAfterMs: number;
}

export const STILL_RUNNING: Unconfirmed = {
  kind: "unconfirmed",
  error: { code: "still_running", message: "The provider says that the job has not ended." },
  isOutage: false,
  retryAfterMs: 0,
};

/** `confirm` has outlived the time that an attempt has. */
export const noAnswer = (timeoutMs: number): Unconfirmed => ({
  kind: "unconfirmed",
  error: {
    code: "confirm_timeout",
    message: `The result was not confirmed within ${timeoutMs} ms (limits.handlerTimeoutMs).`,
  },
  isOutage: true,
  retryAfterMs: 0,
});

/** What `confirm` has thrown. */
export function toUnconfirmed(thrown: unknown): Unconfirmed {
  return {
    kind: "unconfirmed",
    error: describeError(thrown),
    isOutage: !refusesJob(thrown),
    retryAfterMs: retryAfterMsOf(thrown),
  };
}

/** How often the provider did not know a job in all, this time included. */
export async function countUnknown(settings: Settings, lease: Lease): Promise<number> {
  return 1 + (await unknownSoFar(settings, lease));
}

/** Whether that was often enough to give it up. Never for a job that was expected. */
export const isUnknownForGood = (settings: Settings, lease: Lease, times: number): boolean =>
  // With fewer attempts than that, the last one must free the place as well.
  lease.expected !== true && times >= Math.min(UNKNOWN_TIMES, settings.retry.maxAttempts);

export const unknownJob = (times: number): EventError =>
  remember({ code: "unknown_job", message: "The provider does not know this job." }, times);

/** An error that keeps the count in the row, for whoever asks next. */
export async function keepCount(
  settings: Settings,
  lease: Lease,
  error: EventError,
): Promise<EventError> {
  const times = await unknownSoFar(settings, lease);
  return times === 0 ? error : remember(error, times);
}

/**
 * How long to wait before asking again about a result that could not be confirmed: half as long as
 * it has waited already. `undefined` once it has waited for as long as the provider is given.
 */
export function waitMs(
  { options, retry, poll }: Settings,
  lease: Lease,
  { retryAfterMs }: Unconfirmed,
): number | undefined {
  const ageMs = (options.clock ?? wallClock)() - lease.receivedAtMs;
  if (ageMs >= poll.giveUpAfterMs) return undefined;
  const longestMs = Math.min(retry.maxDelayMs, LONGEST_DELAY_MS);
  const wholeMs = Math.min(Math.max(ageMs / 2, retry.minDelayMs), longestMs);
  return Math.max(Math.round(wholeMs * (1 - Math.random() / 2)), retryAfterMs);
}

// An outage between two answers must neither count nor make forget: the row knows. After a lost lease
// counting begins anew, which `maxAttempts` bounds.
async function unknownSoFar(settings: Settings, lease: Lease): Promise<number> {
  if (lease.fence === 1) return 0;
  const row = await lookUp(settings, lease.jobId);
  return Number(COUNT.exec(row?.error ?? "")?.[1] ?? 0);
}

const COUNT = / \(unknown so far: (\d+)\)$/;

const remember = ({ code, message }: EventError, times: number): EventError => ({
  code,
  message: `${message} (unknown so far: ${times})`,
});
