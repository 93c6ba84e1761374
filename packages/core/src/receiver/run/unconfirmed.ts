import { wallClock } from "../../clock.ts";
import { refusesJob, retryAfterMsOf } from "../../job-client.ts";
import type { Lease } from "../../store/job-store.ts";
import { lookUp } from "../../store/store-call.ts";
import { describeError } from "../events/describe-error.ts";
import type { EventError } from "../events/events.ts";
import type { Settings } from "../settings.ts";

const UNKNOWN_TIMES = 3;
const MAX_DELAY_MS = 600_000;

/** The end of an attempt whose result the provider has not confirmed yet. */
export interface Unconfirmed {
  readonly kind: "unconfirmed";
  readonly error: EventError;
  /** True when the client did not reach the provider, or the provider refuses every job. */
  readonly isOutage: boolean;
  /** How long the provider asks the client to wait before its next call, or 0. */
  readonly retryAfterMs: number;
}

export const STILL_RUNNING: Unconfirmed = {
  kind: "unconfirmed",
  error: { code: "still_running", message: "The provider says that the job has not ended." },
  isOutage: false,
  retryAfterMs: 0,
};

/** `confirm` took longer than an attempt may. */
export const noAnswer = (timeoutMs: number): Unconfirmed => ({
  kind: "unconfirmed",
  error: {
    code: "confirm_timeout",
    message: `The result was not confirmed within ${timeoutMs} ms (limits.handlerTimeoutMs).`,
  },
  isOutage: true,
  retryAfterMs: 0,
});

/** `confirm` has thrown. */
export function toUnconfirmed(thrown: unknown): Unconfirmed {
  return {
    kind: "unconfirmed",
    error: describeError(thrown),
    isOutage: !refusesJob(thrown),
    retryAfterMs: retryAfterMsOf(thrown),
  };
}

/** How often the provider has not known a job, including this time. */
export async function countUnknown(settings: Settings, lease: Lease): Promise<number> {
  return 1 + (await unknownSoFar(settings, lease));
}

/** True when the job becomes a dead letter after so many times. An expected job never does. */
export const isUnknownForGood = (settings: Settings, lease: Lease, times: number): boolean =>
  // If `maxAttempts` is smaller, the last attempt must free the row as well.
  lease.expected !== true && times >= Math.min(UNKNOWN_TIMES, settings.retry.maxAttempts);

export const unknownJob = (times: number): EventError =>
  withCount({ code: "unknown_job", message: "The provider does not know this job." }, times);

/** Adds the count to the error's text, so that the row keeps the count for the next attempt. */
export async function keepCount(
  settings: Settings,
  lease: Lease,
  error: EventError,
): Promise<EventError> {
  const times = await unknownSoFar(settings, lease);
  return times === 0 ? error : withCount(error, times);
}

/**
 * How long to wait before the next attempt to confirm a result: half as long as the result has
 * waited already. `undefined` once it has waited for `poll.giveUpAfterMs`.
 */
export function waitMs(
  { options, retry, poll }: Settings,
  lease: Lease,
  { retryAfterMs }: Pick<Unconfirmed, "retryAfterMs">,
): number | undefined {
  const ageMs = (options.clock ?? wallClock)() - lease.receivedAtMs;
  if (ageMs >= poll.giveUpAfterMs) return undefined;
  const maxMs = Math.min(retry.maxDelayMs, MAX_DELAY_MS);
  const wholeMs = Math.min(Math.max(ageMs / 2, retry.minDelayMs), maxMs);
  return Math.max(Math.round(wholeMs * (1 - Math.random() / 2)), retryAfterMs);
}

// Reads the count from the row. Neither an outage nor a lost lease between two answers changes it.
async function unknownSoFar(settings: Settings, lease: Lease): Promise<number> {
  if (lease.fence === 1) return 0;
  const row = await lookUp(settings, lease.jobId);
  return Number(COUNT.exec(row?.error ?? "")?.[1] ?? 0);
}

const COUNT = / \(unknown so far: (\d+)\)$/;

const withCount = ({ code, message }: EventError, times: number): EventError => ({
  code,
  message: `${message} (unknown so far: ${times})`,
});
