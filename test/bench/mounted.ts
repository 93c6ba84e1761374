import type { IncomingMessage, ServerResponse } from "node:http";

/** Where every server takes its deliveries. */
export const PATH = "/api/abstrakt-webhook";

/** Where a server has the inspector. */
export const PAGE_PATH = "/webhooks";

/** Called once per result, by the callback or by what stands in its place. Returns at once. */
export type Save = (jobId: string) => void;

/** A server's handler, and what the measurement must know of it. */
export interface Mounted {
  readonly listener: (request: IncomingMessage, response: ServerResponse) => unknown;
  /** Where it takes its deliveries, with the query. Default `PATH`. */
  readonly path?: string;
  /** Resolves when every callback has run. Absent where each runs before the answer. */
  idle?(): Promise<void>;
  /** Whether the job is in the database; absent where there is none. */
  holds?(jobId: string): Promise<boolean>;
}
