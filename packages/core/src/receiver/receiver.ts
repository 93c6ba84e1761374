import type { RequestHead } from "../auth/auth.ts";
import type { SubmittedJob } from "../job-client.ts";
import type { JobResult } from "../job-result.ts";
import type { Body } from "../payload/read-payload.ts";
import type { Expected } from "../store/capabilities.ts";
import type { JobRecord, JobState } from "../store/job-store.ts";
import type { ReceiverEvent } from "./events/events.ts";
import type { DrainReport, IngestOutcome, TickReport } from "./reports.ts";

/** What a host offers along with a request. */
export interface Runtime {
  /** Makes the host wait until `work` has ended. Called as a method. */
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined;
}

/** A request as an adapter describes it. */
export interface HttpDelivery extends RequestHead {
  /** If the adapter knows it. From version 2 on, answers have no `connection` header. */
  readonly httpVersionMajor?: number | undefined;
  /**
   * The body: its bytes, or the JSON value that an earlier parser has left. Called at most once.
   * Rejects with an `AbstraktWebhookError` whose code says why there is no body.
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

/** Receives results and runs callbacks. Made by `createReceiver`. Refuses unknown options. */
export interface Receiver {
  /** A Web-standard handler for any framework. Never rejects. */
  fetch(request: Request, runtime?: Runtime): Promise<Response>;
  /** The method that adapters call. Never rejects. */
  handle(delivery: HttpDelivery, runtime?: Runtime): Promise<Ack>;
  /**
   * Stores a payload that did not come by HTTP, for example from a queue or in a test.
   *
   * @throws AbstraktWebhookError `malformed`, `store_unavailable` or `draining`.
   */
  ingest(payload: unknown): Promise<IngestOutcome>;
  /**
   * Starts a job at the provider and expects its result. The store knows the job from the
   * provider's 202 on, and the receiver polls if no webhook comes. If `auth` can mint a
   * `webhook_url`, the job gets one. Otherwise the receiver only polls, which needs no public URL.
   * The callback gets `ref`, your own name for the job, as `ctx.ref`. `signal` aborts the
   * submission, not the job. `submit` first checks that the store is ready.
   *
   * @throws AbstraktWebhookError `unsupported` without `client`, or if the store has no expected
   * jobs. `draining`. `store_unavailable` if the store is not ready. `not_expected` if the job runs
   * but the store could not expect it. Also the errors of `client`.
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
    o?: { ref?: string | undefined; signal?: AbortSignal | undefined },
  ): Promise<SubmittedJob>;
  /**
   * Makes a `webhook_url` for a job that you submit yourself. Then pass it to `expect`. It is a
   * secret: anybody who has it can deliver.
   *
   * @throws AbstraktWebhookError `unsupported` when no `auth` mints.
   */
  webhookUrl(o?: { ref?: string | undefined; expiresInMs?: number | undefined }): Promise<string>;
  /**
   * Expects a job that you submitted without `submit`. With `webhookUrl`, only that URL can deliver
   * it. `ref` is for jobs without such a URL. `"arrived"`: the store already has its result.
   * `"contested"`: the store has a result that came by another URL. The store keeps it, and the
   * receiver emits a `conflict` event and a warning. With an `auth` that confirms, the answer is
   * `"arrived"` instead. If a job is expected with two URLs, the newer one counts.
   *
   * @throws AbstraktWebhookError `unsupported`, `store_unavailable` or `draining`; `malformed` for
   * an unusable id; `invalid_options` when `auth` refuses the URL, or when `ref` is not the URL's.
   */
  expect(
    jobId: string,
    o?: { webhookUrl?: string | undefined; ref?: string | undefined },
  ): Promise<Expected>;
  /**
   * Waits until the result of a job is accepted, also a failed one. With an `auth` that confirms,
   * it waits until the result is confirmed and handled. Without `timeoutMs` there is no limit. It
   * finds a result of another instance within four seconds, or never with `keepPayload: false`.
   *
   * @throws AbstraktWebhookError `result_timeout`, `draining`, `malformed` for an unusable id, or
   * `no_result` if the job is dead or kept no payload. Also the reason of an aborted `signal`.
   */
  result(
    jobId: string,
    o?: { timeoutMs?: number | undefined; signal?: AbortSignal | undefined },
  ): Promise<JobResult>;
  /**
   * Lists jobs, page by page. With `state`, expected, pending and leased jobs are in order of their
   * due time, and of done and dead jobs the latest comes first. With a `prefix` of the job id, or
   * without `state`, jobs are in order of their ids. `limit` is 1 to 1 000, by default 100.
   * `payloads: false` leaves the payloads out. `after` is the `next` of the page before. A job that
   * changes between two pages may be missing or appear twice. Every other job appears once.
   *
   * @throws AbstraktWebhookError `unsupported`. `invalid_options`, also if `after` is of another list.
   */
  list(o?: {
    state?: JobState | undefined;
    prefix?: string | undefined;
    limit?: number | undefined;
    after?: string | undefined;
    payloads?: boolean | undefined;
  }): Promise<{ records: JobRecord[]; next?: string }>;
  /**
   * How many jobs are in each state, and how long the oldest accepted result has waited.
   *
   * @throws AbstraktWebhookError `unsupported` when the store cannot count.
   */
  stats(): Promise<Record<JobState, number> & { oldestPendingMs?: number }>;
  /**
   * Calls `listener` for every event, in addition to `onEvent` and other listeners. If it throws,
   * the console prints the error and the receiver continues. The console still prints, unless there
   * is an `onEvent`. `onDrain` is called once, when the receiver begins to drain: end open
   * connections there.
   *
   * @returns a function that removes the listener.
   * @throws AbstraktWebhookError `invalid_options` when `listener` or `onDrain` is no function.
   */
  subscribe(listener: (event: ReceiverEvent) => void, onDrain?: () => void): () => void;
  /**
   * Makes a dead job due again, with all its attempts. `false`: there is no dead job with that id.
   *
   * @throws AbstraktWebhookError `unsupported` when the store cannot redrive.
   */
  redrive(jobId: string): Promise<boolean>;
  /**
   * Resolves if the store would accept a delivery now. For boot and health checks.
   *
   * @throws AbstraktWebhookError `store_unavailable`, within `limits.storeTimeoutMs`.
   *
   * @example
   * ```ts
   * await receiver.ready(); // before the server listens
   * receiver.start();
   * ```
   */
  ready(): Promise<void>;
  /**
   * Runs every due job once: retries, lost leases and polls. Also removes old rows. Resolves when
   * the callbacks that it started have ended. For a schedule, on serverless hosts.
   *
   * @throws AbstraktWebhookError `store_unavailable`.
   */
  tick(): Promise<TickReport>;
  /**
   * Ticks in a loop, beginning with the jobs that the last process left. For long-lived processes.
   * Warns if the store is not ready.
   */
  start(): void;
  /**
   * Resolves when no callback runs and no job is due now. A job that waits for its retry does not
   * count.
   *
   * @throws AbstraktWebhookError `store_unavailable`.
   */
  idle(): Promise<void>;
  /**
   * Starts no more callbacks, aborts polls, and waits for running callbacks. After `timeoutMs`
   * (default 10 000) it releases the rest. With a memory store it also runs waiting results within
   * that time. From now on answers close the connection, so listen for a second more before you
   * close the server.
   */
  drain(o?: { timeoutMs?: number | undefined }): Promise<DrainReport>;
}
