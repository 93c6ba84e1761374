import { AbstraktWebhookError } from "@abstrakt-webhooks/core";

/** The message for a database without the store's tables. */
export const UNMIGRATED =
  "The D1 database lacks the store's tables. Copy @abstrakt-webhooks/store-cloudflare/migrations/*.sql to your migrations and run `wrangler d1 migrations apply`.";

/** Throws an error that says what to do. D1's error is its cause. */
export function explain(thrown: unknown): never {
  const { message } = (thrown ?? {}) as { message?: unknown };
  const unmigrated = /no such (table|column|index)/.test(String(message));
  throw new AbstraktWebhookError(
    "store_unavailable",
    unmigrated ? UNMIGRATED : "D1 failed. The cause says why.",
    { cause: thrown },
  );
}
