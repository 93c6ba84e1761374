import type { Auth } from "../auth/auth.ts";
import type { Clock } from "../clock.ts";
import type { JobClient } from "../job-client.ts";
import type { JobFailed, JobResult, JobSucceeded } from "../job-result.ts";
import type { JobRecord, JobStore, Source } from "../store/job-store.ts";
import type { ReceiverEvent } from "./events/events.ts";
import type { Receiver } from "./receiver.ts";

/** What the callback knows about the attempt it runs in. */
export interface HandlerContext {
  readonly jobId: string;
  /** 1 for the first run of this job. */
  readonly attempt: number;
  /** Grows by every attempt of this job, on whichever instance: a guard for your own writes. */
  readonly fence: number;
  readonly source: Source;
  /** When the result was accepted, by the store's clock. */
  readonly receivedAtMs: number;
  /** Your own name for the job, as given to `submit`, `webhookUrl` or `expect`. */
  readonly ref?: string | undefined;
  /** Fires when the handler timed out, its lease was lost or a drain ended: stop working. */
  readonly signal: AbortSignal;
  /**
   * Marks the job done within a transaction of yours, so that your writes and the completion commit
   * or roll back together: the effect happens exactly once, even when the lease was lost. The store
   * says what it takes for `tx`. Call it last, then commit; what is not committed when the callback ends
   * runs again. A second call in the same transaction changes nothing.
   *
   * @throws AbstraktWebhookError `lease_lost`: the job is another's by now, so let it roll back.
   * `unsupported`: the store has no transactions. `invalid_options`: none is open on `tx`.
   */
  readonly settleIn: (tx: unknown) => Promise<void>;
}

/** A dead letter, as `onDead` gets it. */
export interface DeadRecord extends JobRecord {
  /** The payload, parsed. Absent where the job has none, or one that is not recognised. */
  readonly result?: JobResult;
}

/**
 * What a tracing or metrics package adds to a receiver, such as `@abstrakt-webhooks/otel`. It does not
 * replace the console, as `onEvent` does. Its methods must not throw: what `around` throws counts as the
 * callback's failure.
 */
export interface Instrumentation {
  /** Called once, when the receiver is made: subscribe here. The returned function is called after `drain`. */
  attach(receiver: Receiver): () => void;
  /** A new result is in the store. Called in the async context of its delivery, before its callback. */
  arrived(jobId: string): void;
  /** Called for each attempt in place of the callback: it calls `run` once and returns what `run` returns. */
  around(ctx: HandlerContext, run: () => void | Promise<void>): void | Promise<void>;
}

/** What a receiver is made of. Only `auth` is required; every default is right for one process. */
export interface ReceiverOptions {
  /**
   * Who may deliver. Required, so that leaving an endpoint open is a decision one writes down:
   * `"none"`. Of several, all must agree.
   */
  readonly auth: Auth | readonly Auth[] | "none";
  /** Runs after the acknowledgement. A throw or rejection is a retry. */
  onSucceeded?(job: JobSucceeded, ctx: HandlerContext): void | Promise<void>;
  /** The same for jobs that failed at the provider. */
  onFailed?(job: JobFailed, ctx: HandlerContext): void | Promise<void>;
  /**
   * A job has become a dead letter: attempts exhausted, never delivered, unknown job or unrecognised
   * shape. Called at most once per death, and again for each further payload that is not recognised;
   * `list({ state: "dead" })` finds them all.
   */
  onDead?(record: DeadRecord): void | Promise<void>;
  /** Everything that happens. Without it `warning` and `dead` go to the console. */
  onEvent?(event: ReceiverEvent): void;
  /** The idempotency store. Default `memoryStore()`; none on Workers, where it must be given. */
  readonly store?: JobStore;
  /**
   * The provider's API: makes `submit` work, is asked for expected jobs whose webhook does not come,
   * and is handed to the `confirm` step of `auth`. Without it nothing is polled.
   */
  readonly client?: JobClient;
  /**
   * `"stored"` answers 200 as soon as the result is written; `"handled"` once the callback has
   * ended well, for hosts that freeze after the answer or callbacks that hand off to a queue.
   * Default `"stored"`.
   */
  readonly ack?: "stored" | "handled";
  /**
   * How work is kept alive after the answer. `"auto"` uses the runtime's `waitUntil` where there
   * is one. A function beats detection. Default `"auto"`.
   */
  readonly background?: "auto" | ((work: Promise<void>) => void);
  /** Attempt n+1 follows n after `minDelayMs * 3^(n-1)`, at most `maxDelayMs`, less up to half. */
  readonly retry?: {
    /** Runs of one result before it is dead. Default 10. */
    readonly maxAttempts?: number;
    /** Default 2 000. */
    readonly minDelayMs?: number;
    /** Default 3 600 000 (an hour). */
    readonly maxDelayMs?: number;
  };
  /** When a job that was submitted or expected is asked for at the provider. Needs `client`. */
  readonly poll?: {
    /** First, if its webhook has not come by then. Default 60 000. */
    readonly afterMs?: number;
    /** Then again: doubling up to ten minutes, less up to half. Default 30 000. */
    readonly everyMs?: number;
    /**
     * A job without a result by then is a dead letter, `never_delivered`; a result that `auth`
     * could not confirm by then begins to lose attempts. Default 86 400 000 (a day).
     */
    readonly giveUpAfterMs?: number;
  };
  readonly limits?: {
    /** Larger bodies answer 413. Default 262 144. */
    readonly maxBodyBytes?: number;
    /** Callbacks that run at once; beyond it results are stored and wait. Default 100. */
    readonly concurrency?: number;
    /** How long a silent worker keeps its job; renewed every third of it. Default 60 000. */
    readonly leaseMs?: number;
    /** A callback that outlives it is retried. Default 300 000. */
    readonly handlerTimeoutMs?: number;
    /** A store that is silent for so long is down: 503. Default 4 000. */
    readonly storeTimeoutMs?: number;
    /** A body that is not complete by then answers 408. Default 5 000. */
    readonly bodyTimeoutMs?: number;
    /** With `ack: "handled"`: a callback still running by then answers 503. Default 8 000. */
    readonly ackTimeoutMs?: number;
  };
  /** Tracing and metrics: use a package's function, such as `withOpenTelemetry`, that adds it. */
  readonly instrumentation?: Instrumentation;
  /** Milliseconds, for wall time and durations alike; for tests. */
  readonly clock?: Clock;
}
