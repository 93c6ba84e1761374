import type { JobState, Source } from "../../store/job-store.ts";

/** Why a job is dead. */
export type DeathReason = "attempts_exhausted" | "unknown_job" | "unrecognized" | "never_delivered";

/** What a poll has found: the result, or why there is none yet. */
export type PollReason = "arrived" | "pending" | "unknown" | "unrecognized" | "failed";

/** What a warning is about; its message says what to do. */
export type WarningCode =
  | "default_store"
  | "not_started"
  | "no_background"
  | "no_callback"
  | "callbacks_overrun"
  | "url_removed"
  | "many_receivers"
  | "not_startable"
  | "store_settings"
  | "store_full"
  | "store_reply"
  | "short_retention"
  | "store_unavailable"
  | "api_unavailable"
  | "no_client"
  | "contested"
  | "lease_lost"
  | "lost_at_drain"
  | "internal";

/** A failure in words. Holds no payload, no token, no URL and no stack. */
export interface EventError {
  readonly code: string;
  readonly message: string;
}

/** What every event has. */
interface Timed {
  /** Wall time in milliseconds. */
  readonly atMs: number;
}

/** What the events of a job have. */
interface OfJob extends Timed {
  readonly jobId: string;
  /** Your own name for the job, where it is known. */
  readonly ref?: string;
}

/** What the events of a delivery have. `status` and `ackMs` are set for a delivery by HTTP. */
interface OfDelivery extends OfJob {
  readonly source: Source;
  readonly status?: number | undefined;
  readonly ackMs?: number | undefined;
}

/** The receiver refused a delivery. After a 503, its result may still be in the store. */
export interface RefusedEvent extends Timed {
  readonly type: "refused";
  readonly status: number;
  readonly reason: string;
  readonly ackMs: number;
  readonly error?: EventError;
}

/** A job was submitted or expected, and its row is in the store. */
export interface ExpectedEvent extends OfJob {
  readonly type: "expected";
}

/** A new result is in the store. */
export interface StoredEvent extends OfDelivery {
  readonly type: "stored";
}

/** The same result came again. */
export interface DuplicateEvent extends OfDelivery {
  readonly type: "duplicate";
  readonly state: JobState;
}

/**
 * A delivery has another result, or another binding, than the job already has. The first counts.
 */
export interface ConflictEvent extends OfDelivery {
  readonly type: "conflict";
  readonly state: JobState;
  readonly reason: "result" | "binding";
  /** The refused JSON text, cut at 64 kB. Not enumerable, so that no logger prints it unasked. */
  readonly payload?: string;
}

/** The job still runs at the provider. */
export interface IgnoredEvent extends OfDelivery {
  readonly type: "ignored";
  readonly reason: "pending";
}

/** The store keeps a payload that is not recognised. */
export interface ParkedEvent extends OfDelivery {
  readonly type: "parked";
  readonly reason: string;
}

/** The receiver polled an expected job, for the `attempt`th time. The next poll is in `delayMs`. */
export interface PollEvent extends OfJob {
  readonly type: "poll";
  readonly attempt: number;
  readonly reason: PollReason;
  readonly delayMs?: number;
  readonly error?: EventError;
}

/** An attempt begins: the confirmation of the result, if `auth` confirms, and then the callback. */
export interface AttemptEvent extends OfJob {
  readonly type: "attempt";
  readonly attempt: number;
}

/** An attempt failed, and the job runs again. Without a confirmation, the callback did not run. */
export interface RetryEvent extends OfJob {
  readonly type: "retry";
  readonly attempt: number;
  readonly handlerMs: number;
  readonly delayMs: number;
  readonly error: EventError;
  /** What the callback threw. Not enumerable, so that no logger prints it unasked. */
  readonly cause?: unknown;
}

/** A callback succeeded, and the store has recorded it. */
export interface DoneEvent extends OfJob {
  readonly type: "done";
  readonly attempt: number;
  readonly handlerMs: number;
}

/** A job became a dead letter. */
export interface DeadEvent extends OfJob {
  readonly type: "dead";
  readonly attempt: number;
  readonly reason: DeathReason;
  readonly handlerMs?: number;
  readonly error?: EventError;
  /**
   * What the last attempt's callback threw. Not enumerable, so that no logger prints it unasked.
   */
  readonly cause?: unknown;
}

/** Something an operator should know. */
export interface WarningEvent extends Timed {
  readonly type: "warning";
  readonly jobId?: string;
  readonly error: { readonly code: WarningCode; readonly message: string };
}

/** What happened, when and to which job; discriminate on `type`. */
export type ReceiverEvent =
  | RefusedEvent
  | ExpectedEvent
  | StoredEvent
  | DuplicateEvent
  | ConflictEvent
  | IgnoredEvent
  | ParkedEvent
  | PollEvent
  | AttemptEvent
  | RetryEvent
  | DoneEvent
  | DeadEvent
  | WarningEvent;

type WithoutTime<E> = E extends ReceiverEvent ? Omit<E, "atMs"> : never;

/** An event without its time. */
export type EventBody = WithoutTime<ReceiverEvent>;

/** Adds the time to an event and passes it to every listener. Never throws. */
export type Emit = (event: EventBody) => void;
