import type { JobClient } from "../job-client.ts";

/** What a receiver with this client does at the provider. */
export { createOutbound as outboundOf } from "./outbound.ts";

/** Any client will do. */
export const carryOutbound = (client: JobClient): JobClient => client;
