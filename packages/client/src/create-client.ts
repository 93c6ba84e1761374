import type { JobClient } from "@abstrakt-webhooks/core";
import { jobRequest, runRequest } from "./api-request.ts";
import { createBlame } from "./blame.ts";
import { call } from "./call.ts";
import { realHost, type Host } from "./host.ts";
import { toSettings, type ClientOptions } from "./settings.ts";
import { toSubmittedJob } from "./submitted-job.ts";

/**
 * Makes a client of Abstrakt's API. Nothing is sent before a method is called.
 *
 * - `run(model, { input, webhook_url })` submits a job and answers with the provider's 202, checked:
 *   it has a usable `job_id`.
 * - `getJob(jobId)` answers with a job's body, or `undefined` when there is no such job (404). Feed it to
 *   `parsePayload`.
 *
 * Both take `{ signal }` and then reject with the signal's reason. Otherwise they reject with an
 * `AbstraktWebhookError`: `api_refused` (4xx), `api_unavailable` (not reached, silent, 429, 5xx) or
 * `api_unexpected` (a redirect, no JSON, no `job_id`), with `status`, `providerCode`, `requestId` and
 * `retryAfterMs` as far as they are known.
 *
 * Sent again, at most twice, with growing and scattered pauses and never before `Retry-After` is over: a
 * `getJob` that was `api_unavailable`; a `run` only where nothing can have been started, which is when no
 * connection was made, or on 429. A `run` that fails otherwise and may have started a job says so by
 * `mayHaveStarted`. Redirects are not followed.
 *
 * The key is in no error and in no text that `console.log`, `util.inspect` or `JSON.stringify` make.
 *
 * @throws AbstraktWebhookError `invalid_options`.
 *
 * @example
 * ```ts
 * const client = createClient({ apiKey: process.env.ABSTRAKT_API_KEY ?? "" });
 * const { job_id } = await client.run("nano-banana-pro-edit", {
 *   input: { prompt: "Make the background a beach scene" },
 *   webhook_url: "https://your-server.com/api/abstrakt-webhook",
 * });
 * const parsed = parsePayload(await client.getJob(job_id));
 * ```
 */
export const createClient = (options: ClientOptions): JobClient =>
  createClientOn(realHost, options);

/** The same with time and chance of one's own. */
export function createClientOn(host: Host, options: ClientOptions): JobClient {
  const settings = toSettings(options);
  const blame = createBlame(settings.apiKey);
  return {
    async run(model, given, o = {}) {
      const request = runRequest(model, given);
      return toSubmittedJob(await call(settings, host, blame, request, o.signal));
    },
    async getJob(jobId, o = {}) {
      // No URL can ask for these, and whoever delivers to a webhook may choose a job's id.
      if (jobId === "." || jobId === "..") return undefined;
      return call(settings, host, blame, jobRequest(jobId), o.signal);
    },
  };
}
