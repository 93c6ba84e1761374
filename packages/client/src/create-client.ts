import type { JobClient } from "@abstrakt-webhooks/core";
import { checkedFor } from "@abstrakt-webhooks/core/store";
import { jobRequest, runRequest } from "./api-request.ts";
import { createApiErrors } from "./api-error.ts";
import { call } from "./call.ts";
import { realHost, type Host } from "./host.ts";
import { toSettings, type ClientOptions } from "./settings.ts";
import { toSubmittedJob } from "./submitted-job.ts";

/**
 * Makes a client of Abstrakt's API. It sends nothing before you call a method.
 *
 * - `run(model, { input, webhook_url })` submits a job and resolves to the body of the provider's
 *   202, which has a usable `job_id`.
 * - `getJob(jobId)` resolves to the job's body, or to `undefined` when the provider does not know
 *   the job (404 with a JSON object). Pass the body to `parsePayload`.
 *
 * Both take `{ signal }`; when it aborts, they reject with its reason. All other errors are an
 * `AbstraktWebhookError`: `api_refused` (4xx), `api_unavailable` (no connection, no answer, 429,
 * 5xx) or `api_unexpected` (a redirect, no JSON, no `job_id`), with `status`, `providerCode`,
 * `requestId` and `retryAfterMs` if they are known. For `getJob`, a 404 without a JSON object is
 * `api_unavailable` without `status`: it comes from a proxy and says nothing about the job.
 *
 * The client sends a request again at most twice. The pauses grow and have jitter, and they are
 * never shorter than `Retry-After`. The client repeats `getJob` after every `api_unavailable`. It
 * repeats `run` only when the provider cannot have started a job: when no connection was made, when
 * the server's certificate is not valid, or after a 429. When another error may have left a job
 * running, the error has `mayHaveStarted: true`. The client follows no redirects.
 *
 * No error contains the key. `console.log`, `util.inspect` and `JSON.stringify` do not print it.
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
  checkedFor(createClient, () => createClientOn(realHost, options));

/** `createClient` with another clock, timer and source of randomness, for tests. */
export function createClientOn(host: Host, options: ClientOptions): JobClient {
  const settings = toSettings(options);
  const toApiError = createApiErrors(settings.apiKey);
  const client: JobClient = {
    async run(model, given, o = {}) {
      const request = checkedFor(client.run, () => runRequest(model, given));
      return toSubmittedJob(await call(settings, host, toApiError, request, o.signal));
    },
    async getJob(jobId, o = {}) {
      // No URL can contain these ids. An id may come from an untrusted request, so do not throw.
      if (jobId === "." || jobId === "..") return undefined;
      const request = checkedFor(client.getJob, () => jobRequest(jobId));
      return call(settings, host, toApiError, request, o.signal);
    },
  };
  return client;
}
