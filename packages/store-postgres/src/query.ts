import { AbstraktWebhookError } from "@abstrakt-webhooks/core";
import type { PostgresClient } from "./client.ts";
import type { Names } from "./namespace.ts";
import { toStoreError } from "./store-error.ts";

/** Runs one statement, which is one round trip, and answers its rows. */
export type Query = <Row>(text: string, ...values: readonly Value[]) => Promise<Row[]>;

export type Value = string | number | null | undefined;

/** @throws AbstraktWebhookError `store_unavailable`, with what to do; the driver's error is the cause. */
export function createQuery(client: PostgresClient, names: Names): Query {
  return async <Row>(text: string, ...values: readonly Value[]) => {
    const sent = values.map((value) => value ?? null);
    let result: { readonly rows: readonly unknown[] } | undefined;
    try {
      result = await client.query(text, sent);
    } catch (thrown) {
      throw toStoreError(thrown, names.jobs);
    }
    if (!Array.isArray(result?.rows)) {
      throw new AbstraktWebhookError(
        "invalid_options",
        "Expected `client.query(text, values)` to resolve to an object with `rows`. Wrap a client that answers otherwise.",
      );
    }
    return result.rows as Row[];
  };
}
