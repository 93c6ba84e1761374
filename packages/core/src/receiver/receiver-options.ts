import type { Auth } from "../auth/auth.ts";
import type { Clock } from "../clock.ts";
import type { JobClient } from "../job-client.ts";
import type { JobFailed, JobResult, JobSucceeded } from "../job-result.ts";
import type { JobRecord, JobStore, Source } from "../store/job-store.ts";
import type { ReceiverEvent } from "./events/events.ts";
import type { Receiver } from "./receiver.ts";

/** What a callback gets about its attempt. */
export interface HandlerContext {
  readonly jobId: string;
  /** 1 for the first run of this job. */
  readonly attempt: number;
  /** Grows with every attempt of this job, on any instance. Use it to refuse older writes. */
  readonly fence: number;
  readonly source: Source;
  /** When the result was accepted, by the store's clock. */
  readonly receivedAtMs: number;
  /** Your own name for the job, from `submit`, `webhookUrl` or `expect`. */
  readonly ref?: string | undefined;
  /** Aborts when the callback timed out, its lease was lost or a drain ended: stop working. */
  readonly signal: AbortSignal;
  /**
   * Marks the job done in your transaction. Your writes and the completion are committed together,
   * or neither is. So they happen exactly once, even after a lost lease. The page of the store says
   * what `tx` is. Call it last, and then commit. If the transaction is not committed when the
   * callback ends, the callback runs again. A second call in the same transaction changes nothing.
   *
   * @throws AbstraktWebhookError `lease_lost`: another attempt may complete the job, so roll back.
   * `unsupported`: the store has no transactions. `invalid_options`: `tx` has no open transaction.
   */
  readonly settleIn: (tx: unknown) => Promise<void>;
}

/** A dead letter, as `onDead` gets it. */
export interface DeadRecord extends JobRecord {
  /** The payload, parsed. Absent if the job has none, or if it is not recognised. */
  readonly result?: JobResult;
}

/**
 * What a package for traces or metrics adds to a receiver, such as `@abstrakt-webhooks/otel`.
 * Unlike `onEvent`, it does not silence the console. Its methods must not throw. If `around`
 * throws, the attempt fails.
 */
export interface Instrumentation {
  /**
   * Called once, when the receiver is made: subscribe here. The returned function is called after
   * `drain`.
   */
  attach(receiver: Receiver): () => void;
  /**
   * A new result is in the store. Called in the async context of its delivery, before its callback.
   */
  arrived(jobId: string): void;
  /** Called for each attempt instead of the callback. It calls `run` once and returns its value. */
  around(ctx: HandlerContext, run: () => unknown): unknown;
}

/**
 * Options of a receiver. Only `auth` is required. The defaults are right for one process. An option
 * that is `undefined` has its default.
 */
export interface ReceiverOptions {
  /**
   * Who may deliver. It is required, so that you must write `"none"` to leave an endpoint open. If
   * you pass several, all must agree.
   */
  readonly auth: Auth | readonly Auth[] | "none";
  /**
   * Runs after the acknowledgement. If it throws or rejects, it runs again later. The receiver
   * awaits a promise that it returns, and ignores any other value.
   */
  readonly onSucceeded?: ((job: JobSucceeded, ctx: HandlerContext) => unknown) | undefined;
  /** The same for jobs that failed at the provider. */
  readonly onFailed?: ((job: JobFailed, ctx: HandlerContext) => unknown) | undefined;
  /**
   * Runs when a job becomes a dead letter: its attempts are used up, no result came, the provider
   * does not know it, or its payload is not recognised. It runs at most once each time that a job
   * becomes dead, and again for each further payload that is not recognised.
   * `list({ state: "dead" })` has all dead letters. The receiver awaits a promise that it returns,
   * and ignores any other value.
   */
  readonly onDead?: ((record: DeadRecord) => unknown) | undefined;
  /** Gets every event. Without it, the console prints warnings, dead letters and first failures. */
  readonly onEvent?: ((event: ReceiverEvent) => void) | undefined;
  /** Keeps results. Default `memoryStore()`. On Workers there is no default. */
  readonly store?: JobStore | undefined;
  /**
   * The provider's API. `submit`, polls and the `confirm` of an `auth` use it. Without it nothing
   * is polled.
   */
  readonly client?: JobClient | undefined;
  /**
   * `"stored"` answers 200 when the result is written. `"handled"` answers 200 when the callback
   * has ended without an error: for hosts that freeze after the answer, and for callbacks that pass
   * results to a queue. Default `"stored"`.
   */
  readonly ack?: "stored" | "handled" | undefined;
  /**
   * How the host waits for callbacks after the answer. `"auto"` uses the `waitUntil` of the host,
   * if it has one. A function of yours replaces it. Default `"auto"`.
   */
  readonly background?: "auto" | ((work: Promise<void>) => void) | undefined;
  /**
   * The delay after attempt n is `minDelayMs * 3^(n-1)`, at most `maxDelayMs`, less a random part
   * of up to half.
   */
  readonly retry?:
    | {
        /** Runs of one result before it is dead. Default 10. */
        readonly maxAttempts?: number | undefined;
        /** Default 2 000. */
        readonly minDelayMs?: number | undefined;
        /** Default 3 600 000 (an hour). */
        readonly maxDelayMs?: number | undefined;
      }
    | undefined;
  /** When a submitted or expected job is polled. Needs `client`. */
  readonly poll?:
    | {
        /** The first poll, if no webhook has come by then. Default 60 000. */
        readonly afterMs?: number | undefined;
        /**
         * The delay to the second poll. It doubles with each poll, up to ten minutes, less a
         * random part of up to half. Default 30 000.
         */
        readonly everyMs?: number | undefined;
        /**
         * A job that has no result after this time is a dead letter, `never_delivered`. From then
         * on, a result that `auth` cannot confirm uses up its attempts. Default 86 400 000 (a day).
         */
        readonly giveUpAfterMs?: number | undefined;
      }
    | undefined;
  readonly limits?:
    | {
        /** Larger bodies are answered 413. Default 262 144. */
        readonly maxBodyBytes?: number | undefined;
        /** Callbacks that run at once. Further results wait in the store. Default 100. */
        readonly concurrency?: number | undefined;
        /**
         * How long a lease lasts. A running process extends it every third of this time. Default
         * 60 000.
         */
        readonly leaseMs?: number | undefined;
        /** A callback that runs longer is aborted and runs again. Default 300 000. */
        readonly handlerTimeoutMs?: number | undefined;
        /** A store that does not reply in this time means 503. Default 4 000. */
        readonly storeTimeoutMs?: number | undefined;
        /** A body that is not complete in this time is answered 408. Default 5 000. */
        readonly bodyTimeoutMs?: number | undefined;
        /** With `ack: "handled"`: if the callback takes longer, the answer is 503. Default 8 000. */
        readonly ackTimeoutMs?: number | undefined;
      }
    | undefined;
  /** Traces and metrics. A function of a package adds it, such as `withOpenTelemetry`. */
  readonly instrumentation?: Instrumentation | undefined;
  /** The time in milliseconds, for tests. It replaces the wall clock and the clock of durations. */
  readonly clock?: Clock | undefined;
}
