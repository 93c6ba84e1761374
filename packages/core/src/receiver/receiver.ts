import type { RequestHead } from "../auth/auth.ts";
import type { SubmittedJob } from "../job-client.ts";
import type { JobResult } from "../job-result.ts";
import type { Body } from "../payload/read-payload.ts";
import type { Expected } from "../store/capabilities.ts";
import type { JobRecord, JobState } from "../store/job-store.ts";
import type { ReceiverEvent } from "./events/events.ts";

/** What a host offers along with a request. */
export interface Runtime {
  /** Keeps the host awake until `work` has ended. Called as a method. */
  waitUntil?(work: Promise<unknown>): void;
}

/** A request as an adapter hands it over. */
export interface HttpDelivery extends RequestHead {
  /** Where the adapter knows it. From version 2 on no answer has a `connection` header. */
  readonly httpVersionMajor?: number;
  /**
   * The body: its bytes, or the JSON value that a parser mounted earlier has left. Called at most
   * once. Rejects with an `AbstraktWebhookError` whose code says why there is none.
   */
  body(maxBytes: number): Promise<Body>;
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
  /** Results that this pass found waiting and ran. */
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
  /** Leases given back to the store, cut off or not begun; the attempt is not counted. */
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
   * Starts a job at the provider and expects its result: from the provider's 202 on the store knows
   * the job, and it is polled if no webhook comes. `webhook_url` is sent along when `auth` can mint
   * one; otherwise polling is the only way, which needs no public URL. `ref` is your own name for the
   * job and arrives as `ctx.ref`; `signal` cuts the submission off, not the job. Before anything is
   * paid for, the store is asked whether it is ready.
   *
   * @throws AbstraktWebhookError `unsupported` without `client`, or where the store knows no expected
   * jobs; `draining`; `store_unavailable` when the store is not ready; `not_expected` when the job runs and the store did not note it. What `client`
   * throws is passed on.
   *
   * @example
   * ```ts
   * const job = await receiver.submit("nano-banana-pro-edit", { prompt: "a beach" }, { ref: "order-7" });
   * const result = await receiver.result(job.job_id, { timeoutMs: 120_000 });
   * ```
   */
  submit(
    model: string,
    input: unknown,
    o?: { ref?: string; signal?: AbortSignal },
  ): Promise<SubmittedJob>;
  /**
   * A `webhook_url` for a job that you submit yourself; then give it to `expect`. It is a secret:
   * who has it may deliver.
   *
   * @throws AbstraktWebhookError `unsupported` when no `auth` mints.
   */
  webhookUrl(o?: { ref?: string; expiresInMs?: number }): Promise<string>;
  /**
   * Notes a job that was submitted without `submit`. With `webhookUrl` only that URL can deliver it.
   * `ref` is for jobs without such a URL. `"arrived"`: its result is here already. `"contested"`: a
   * result is here that came by another URL; it is kept, and a `conflict` event and a warning say so.
   * With an `auth` that confirms it counts as arrived. Of two URLs for one job the newer one counts.
   *
   * @throws AbstraktWebhookError `unsupported`, `store_unavailable` or `draining`; `malformed` for an
   * unusable id; `invalid_options` when `auth` refuses the URL, or `ref` and URL do not fit.
   */
  expect(jobId: string, o?: { webhookUrl?: string; ref?: string }): Promise<Expected>;
  /**
   * The result of a job, whichever way and to whichever instance it comes; a failed job resolves as
   * well. It is there as soon as it is accepted; with an `auth` that confirms, once it is confirmed
   * and handled. `timeoutMs` defaults to no limit. Another instance's result is found by looking, at
   * most four seconds later, and not at all when its store has `keepPayload: false`.
   *
   * @throws AbstraktWebhookError `result_timeout`; `draining` when this receiver drains; `no_result`
   * when the job is a dead letter or its payload was not kept. The signal's reason when it fires.
   */
  result(jobId: string, o?: { timeoutMs?: number; signal?: AbortSignal }): Promise<JobResult>;
  /**
   * Jobs page by page, as people look at them. With `state`: expected, pending and leased jobs by their
   * next due time, done and dead ones the latest settled first. With `prefix`, which job ids begin
   * with, or without `state`: by job id. `limit` is 1 to 1 000, by default 100; `payloads: false` leaves
   * the payloads out. `after` is the `next` of the page before: a job that changes between two pages may
   * be missed or shown twice, every other one is shown once.
   *
   * @throws AbstraktWebhookError `unsupported` when the store cannot list; `invalid_options`, also for an
   * `after` of another list.
   */
  list(o?: {
    state?: JobState;
    prefix?: string;
    limit?: number;
    after?: string;
    payloads?: boolean;
  }): Promise<{ records: JobRecord[]; next?: string }>;
  /**
   * How many jobs are in each state, and how long the oldest accepted result has waited.
   *
   * @throws AbstraktWebhookError `unsupported` when the store cannot count.
   */
  stats(): Promise<Record<JobState, number> & { oldestPendingMs?: number }>;
  /**
   * Calls `listener` for every event, beside `onEvent` and any number of others. What it throws goes
   * to the console and harms nothing. It does not replace the console: only `onEvent` does.
   * `onDrain` is called once, when the receiver begins to drain: end open connections there.
   *
   * @returns a function that removes the listener.
   * @throws AbstraktWebhookError `invalid_options` when `listener` or `onDrain` is no function.
   */
  subscribe(listener: (event: ReceiverEvent) => void, onDrain?: () => void): () => void;
  /**
   * Gives a dead letter another life. `false`: there is no dead job of that id.
   *
   * @throws AbstraktWebhookError `unsupported` when the store cannot redrive.
   */
  redrive(jobId: string): Promise<boolean>;
  /**
   * Resolves when the store would take a delivery now, for boot and health checks.
   *
   * @throws AbstraktWebhookError `store_unavailable` within `limits.storeTimeoutMs`, with what is wrong
   * and what to do.
   *
   * @example
   * ```ts
   * await receiver.ready(); // before the server listens
   * receiver.start();
   * ```
   */
  ready(): Promise<void>;
  /**
   * One pass over what is due: retries, lost leases, polls, pruning. Resolves when the callbacks it
   * started have ended. For cron and serverless.
   *
   * @throws AbstraktWebhookError `store_unavailable`.
   */
  tick(): Promise<TickReport>;
  /**
   * The same in a loop, beginning with what the last process left. For long-lived processes. Warns when
   * the store is not ready.
   */
  start(): void;
  /**
   * Resolves when nothing is running and nothing is due now; a future backoff does not count.
   *
   * @throws AbstraktWebhookError `store_unavailable`.
   */
  idle(): Promise<void>;
  /**
   * Takes nothing new to run, cuts off polls and waits for what runs. After `timeoutMs` (default 10 000) the rest
   * is released; with a memory store waiting results are run within that time as well. Answers ask
   * for another connection from then on, so listen for a second more before you close the server.
   */
  drain(o?: { timeoutMs?: number }): Promise<DrainReport>;
}
