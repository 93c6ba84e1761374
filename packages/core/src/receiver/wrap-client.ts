import { carryOutbound } from "#outbound";
import type { JobClient } from "../job-client.ts";
import { requireClient } from "../options.ts";

/**
 * Makes a client of your own one that every receiver takes. On Workers what submits and polls comes
 * along with the client, so that receivers without one are smaller; `createClient`'s bring it, and this
 * gives it to yours. Elsewhere any `{ run, getJob }` will do as it is.
 *
 * @returns the same object; a copy of it has to be wrapped again.
 * @throws AbstraktWebhookError `invalid_options`.
 *
 * @example
 * ```ts
 * createReceiver({ auth: "none", store: d1Store(env.DB), client: jobClient({ run, getJob }) });
 * ```
 */
export function jobClient(client: JobClient): JobClient {
  requireClient(client);
  return carryOutbound(client);
}
