import { describe, requireClient, requireKnown } from "../checks.ts";
import { AbstraktWebhookError, checkedFor, invalidOptions } from "../errors.ts";
import type { JobClient } from "../job-client.ts";
import { parsePayload } from "../payload/parse-payload.ts";
import type { Auth } from "./auth.ts";

/** What `refetch` takes. */
export interface RefetchOptions {
  /** The client that asks the provider. Default: the receiver's `client`. */
  readonly client?: Pick<JobClient, "getJob"> | undefined;
}

/**
 * Trusts only the provider's API. Before the callback runs, the receiver calls `GET /v1/jobs/{id}`.
 * The callback gets this answer, and the store keeps it, whatever was delivered. The call happens
 * after the acknowledgement, so the sender does not wait for it.
 *
 * While the API is down, or answers that the job still runs, the result waits. No attempt is
 * counted until `poll.giveUpAfterMs` is over. If the API does not know the job three times, and
 * nobody expected it, the job is dead, and a later result can take its place.
 *
 * Not promised: until then, strangers can fill the store with invented jobs. Use it with
 * `signedUrl`.
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
