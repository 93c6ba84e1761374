import type { IncomingMessage, ServerResponse } from "node:http";
import type { Receiver } from "@abstrakt-webhooks/core";

/** Where every server takes its deliveries. */
export const PATH = "/api/abstrakt-webhook";

/** Called once per result, by the kit's callback or by the baseline's handler. Returns at once. */
export type Save = (jobId: string) => void;

/** A server's handler, and the receiver behind it where there is one. */
export interface Mounted {
  readonly listener: (request: IncomingMessage, response: ServerResponse) => unknown;
  readonly receiver?: Receiver;
  /** Where it takes its deliveries, with the query. Default `PATH`. */
  readonly path?: string;
}

/** What a `server-*.ts` exports. */
export interface Servers {
  baseline(save: Save): Mounted | Promise<Mounted>;
  ours(save: Save): Mounted | Promise<Mounted>;
}
