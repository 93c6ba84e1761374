import type { JobSucceeded } from "@abstrakt-webhooks/hono";
import type { D1Database } from "@abstrakt-webhooks/store-cloudflare";

/** The bindings of `wrangler.jsonc`, and the secret. `wrangler types` can write this type. */
export interface Env {
  readonly DB: D1Database;
  readonly RESULTS: { send(result: JobSucceeded): Promise<unknown> };
  /** Set it with `wrangler secret put WEBHOOK_SECRET`. */
  readonly WEBHOOK_SECRET: string;
  readonly WEBHOOK_URL: string;
}

/** The part of Cloudflare's message batch that the consumer uses. */
export interface ResultBatch {
  readonly messages: readonly {
    readonly body: JobSucceeded;
    ack(): void;
    retry(): void;
  }[];
}
