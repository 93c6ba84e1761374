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
  | "store_settings"
  | "short_retention"
  | "store_unavailable"
  | "api_unavailable"
  | "no_client"
  | "lease_lost"
  | "lost_at_drain"
  | "internal";

/** A failure in words. Holds no payload, no token, no URL and no stack. */
export interface EventError {
  readonly code: string;
  readonly message: string;
}

/** `ackMs` and `status` are there when the result came by HTTP. */
interface Arrival {
  readonly jobId: string;
  readonly source: Source;
  readonly status?: number | undefined;
  readonly ackMs?: number | undefined;
}

/** An event before it has its time. */
export type EventBody =
  /** A delivery was not acknowledged. After a 503 it may be stored all the same. */
  | {
      readonly type: "refused";
      readonly status: number;
      readonly reason: string;
      readonly ackMs: number;
      readonly error?: EventError;
    }
  /** A new result is in the store. */
  | ({ readonly type: "stored" } & Arrival)
  /** The same result again. */
  | ({ readonly type: "duplicate"; readonly state: JobState } & Arrival)
  /** Another result, or another binding, for a job that has one. The first wins. */
  | ({
      readonly type: "conflict";
      readonly state: JobState;
      readonly reason: "result" | "binding";
    } & Arrival)
  /** The job is still running at the provider. */
  | ({ readonly type: "ignored"; readonly reason: "pending" } & Arrival)
  /** Kept without being recognised. */
  | ({ readonly type: "parked"; readonly reason: string } & Arrival)
  /** The provider was asked for an expected job: for the `attempt`th time, and next in `delayMs`. */
  | {
      readonly type: "poll";
      readonly jobId: string;
      readonly attempt: number;
      readonly reason: PollReason;
      readonly delayMs?: number;
      readonly error?: EventError;
    }
  /** A callback is about to run. */
  | { readonly type: "attempt"; readonly jobId: string; readonly attempt: number }
  /** A callback failed and will run again. */
  | {
      readonly type: "retry";
      readonly jobId: string;
      readonly attempt: number;
      readonly handlerMs: number;
      readonly delayMs: number;
      readonly error: EventError;
    }
  /** A callback ended well and its completion is recorded. */
  | {
      readonly type: "done";
      readonly jobId: string;
      readonly attempt: number;
      readonly handlerMs: number;
    }
  /** A job became a dead letter. */
  | {
      readonly type: "dead";
      readonly jobId: string;
      readonly attempt: number;
      readonly reason: DeathReason;
      readonly handlerMs?: number;
      readonly error?: EventError;
    }
  /** Something an operator should know. */
  | {
      readonly type: "warning";
      readonly jobId?: string;
      readonly error: { readonly code: WarningCode; readonly message: string };
    };

/** What happened, when (wall time) and to which job; discriminate on `type`. */
export type ReceiverEvent = EventBody & { readonly atMs: number };

/** Tells the listener, or the console where nobody listens. Never throws. */
export type Emit = (event: EventBody) => void;
