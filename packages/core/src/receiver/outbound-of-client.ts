import { invalidOptions } from "../errors.ts";
import type { JobClient } from "../job-client.ts";
import type { Kit } from "./kit.ts";
import { createOutbound, type Outbound } from "./outbound.ts";

// Takes the place of outbound-of-core.ts on Workers, so that a receiver without a client is loaded
// without what submits and polls: it comes along with the clients.

const carried = new WeakMap<JobClient, typeof createOutbound>();

/** @throws AbstraktWebhookError `invalid_options` for a client that brings nothing along. */
export function outboundOf(kit: Kit, client: JobClient): Outbound {
  const create = carried.get(client);
  if (create !== undefined) return create(kit, client);
  throw invalidOptions(
    "Expected `client` to be made by createClient, or wrapped by jobClient({ run, getJob }), of this copy of core: on Workers it brings along what submits and polls.",
  );
}

export function carryOutbound(client: JobClient): JobClient {
  carried.set(client, createOutbound);
  return client;
}
