import type { Auth, RequestHead } from "../auth/auth.ts";
import type { Clock } from "../clock.ts";
import type { JobClient } from "../job-client.ts";
import type { JobFailed, JobSucceeded } from "../job-result.ts";
import type { JobRecord, JobState, JobStore, Source } from "../store/job-store.ts";
import type { ReceiverEvent } from "./events.ts";

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
  /** Fires when the handler timed out, its lease was lost or a drain ended: stop working. */
  readonly signal: AbortSignal;
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
   * A job has become a dead letter: attempts exhausted, unknown job or unrecognised shape.
   * Called at most once per death, and again for each further payload that is not recognised;
   * `list({ state: "dead" })` finds them all.
   */
  onDead?(record: JobRecord): void | Promise<void>;
  /** Everything that happens. Without it `warning` and `dead` go to the console. */
  onEvent?(event: ReceiverEvent): void;
  /** The idempotency store. Default `memoryStore()`. */
  readonly store?: JobStore;
  /** The provider's API, handed to the `confirm` step of `auth`. */
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
  /** Milliseconds, for wall time and durations alike; for tests. */
  readonly clock?: Clock;
}

/** What a host offers along with a request. */
export interface Runtime {
  /** Keeps the host awake until `work` has ended. Called as a method. */
  waitUntil?(work: Promise<unknown>): void;
}

/** A request as an adapter hands it over. */
export interface HttpDelivery extends RequestHead {
  /**
   * The body: its bytes, or the JSON value that a parser mounted earlier has left. Called at most
   * once. Rejects with an `AbstraktWebhookError` whose code says why there is none.
   */
  body(maxBytes: number): Promise<{ bytes: Uint8Array } | { parsed: unknown }>;
}

/** An answer as an adapter writes it. */
export interface Ack {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Call it as soon as the answer is written. Never rejects. */
  work?(): Promise<void>;
}

/** What became of a payload given to `ingest`. */
export interface IngestOutcome {
  readonly kind: "stored" | "duplicate" | "conflict" | "ignored" | "parked";
  readonly jobId: string;
}

/** What one pass did. */
export interface TickReport {
  /** Results whose callbacks this pass ran. */
  readonly claimed: number;
  /** Expected jobs this pass asked the provider for. */
  readonly polled: number;
  /** Rows removed because their retention had ended. */
  readonly pruned: number;
  /** When the next pass has something to do; absent when nothing waits. */
  readonly nextDueInMs?: number;
}

/** How a drain ended. */
export interface DrainReport {
  /** Runs that ended within the budget. */
  readonly settled: number;
  /** Runs cut off and given back to the store, the attempt not counted. */
  readonly released: number;
  /** Results that end with this process, because the store is not durable. */
  readonly lost: number;
}

/** Receives results, acknowledges them and runs the callbacks. Made by `createReceiver`. */
export interface Receiver {
  /** A Web-standard handler for any framework. Never rejects. */
  fetch(request: Request, runtime?: Runtime): Promise<Response>;
  /** What adapters call. Never rejects. */
  handle(delivery: HttpDelivery, runtime?: Runtime): Promise<Ack>;
  /**
   * The same door without HTTP: backfill, tests, queues.
   *
   * @throws AbstraktWebhookError `malformed`, `store_unavailable` or `draining`.
   */
  ingest(payload: unknown): Promise<IngestOutcome>;
  /**
   * Jobs as people look at them, by job id. `limit` defaults to 100.
   *
   * @throws AbstraktWebhookError `unsupported` when the store cannot list.
   */
  list(o?: {
    state?: JobState;
    limit?: number;
    after?: string;
  }): Promise<{ records: JobRecord[]; next?: string }>;
  /**
   * Gives a dead letter another life. `false`: there is no dead job of that id.
   *
   * @throws AbstraktWebhookError `unsupported` when the store cannot redrive.
   */
  redrive(jobId: string): Promise<boolean>;
  /**
   * One pass over what is due: retries, lost leases, pruning. Resolves when the callbacks it
   * started have ended. For cron and serverless.
   *
   * @throws AbstraktWebhookError `store_unavailable`.
   */
  tick(): Promise<TickReport>;
  /** The same in a loop, beginning with what the last process left. For long-lived processes. */
  start(): void;
  /**
   * Resolves when nothing is running and nothing is due now; a future backoff does not count.
   *
   * @throws AbstraktWebhookError `store_unavailable`.
   */
  idle(): Promise<void>;
  /**
   * Takes nothing new to run and waits for what runs. After `timeoutMs` (default 10 000) the rest
   * is released; with a memory store waiting results are run within that time as well.
   */
  drain(o?: { timeoutMs?: number }): Promise<DrainReport>;
}
