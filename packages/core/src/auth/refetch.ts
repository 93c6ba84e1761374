import { describe, requireClient, requireKnown } from "../checks.ts";
import { AbstraktWebhookError, checkedFor, invalidOptions } from "../errors.ts";
import type { JobClient } from "../job-client.ts";
import { parsePayload } from "../payload/parse-payload.ts";
import type { Auth } from "./auth.ts";

/** What `refetch` takes. */
export interface RefetchOptions {
  /** Who asks the provider. Default the receiver's `client`. */
  readonly client?: Pick<JobClient, "getJob">;
}

/**
 * Trusts the provider's API alone: before the callback runs, the job is asked for by
 * `GET /v1/jobs/{id}`, and that answer is handed over and kept, whatever was delivered. It happens
 * in the worker, after the acknowledgement, and costs that nothing.
 *
 * While the API is down, or says that the job still runs, the result waits, and no attempt is
 * counted for as long as `poll.giveUpAfterMs`. A job that nobody expected and that the API does not
 * know three times is dead, and its place free for the true one. It does not keep strangers from
 * filling the store with made-up jobs until then: combine it with `signedUrl`.
 *
 * @throws AbstraktWebhookError `invalid_options`, as does `createReceiver` when neither has a client.
 *
 * @example
 * ```ts
 * createReceiver({
 *   auth: [signedUrl({ secrets, url }), refetch()],
 *   client: createClient({ apiKey }),
 * });
 * ```
 */
export function refetch(options: RefetchOptions = {}): Auth {
  const { client } = checkedFor(refetch, () => readOptions(options));
  return {
    ...(client === undefined && { needsClient: true }),
    async confirm({ job_id }, o) {
      const asked = client ?? o.client;
      if (asked === undefined)
        throw invalidOptions("Expected the receiver to have a `client`, got none.");
      const answer = await asked.getJob(job_id, { signal: o.signal });
      if (answer === undefined) return { kind: "unknown" };
      const parsed = parsePayload(answer);
      switch (parsed.kind) {
        case "result":
          return { kind: "confirmed", result: parsed.result };
        case "pending":
          return { kind: "running" };
        case "unrecognized":
        case "malformed":
          throw unexpected(parsed.reason);
      }
    },
  };
}

function readOptions(options: RefetchOptions): RefetchOptions {
  if (typeof options !== "object" || options === null) {
    throw invalidOptions(`Expected options such as { client }, or none, got ${describe(options)}.`);
  }
  requireKnown("", ["client"], options);
  if (options.client !== undefined) requireClient(options.client);
  return options;
}

const unexpected = (reason: string): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "api_unexpected",
    `Expected GET /v1/jobs/{id} to answer with a job: ${reason}.`,
  );
