import { createBatcher, invalidOptions, type BatcherOptions } from "@abstrakt-webhooks/core/store";
import type { PostgresClient } from "./client.ts";
import type { Names } from "./namespace.ts";
import { isOneRowsFault, toStoreError } from "./store-error.ts";

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
      throw invalidOptions(
        "Expected `client.query(text, values)` to resolve to an object with `rows`. Wrap a client that answers otherwise.",
      );
    }
    return result.rows as Row[];
  };
}

/** A commit costs more than many rows, so a statement waits this long for the one before it. */
const PATIENCE_MS = 20;

/** Lets many calls share one statement. When one row makes the server refuse it, each row goes alone. */
export const batchRows = <Item, Answer>(
  options: Pick<BatcherOptions<Item, Answer>, "send" | "keyOf" | "lengthOf">,
): ((item: Item) => Promise<Answer>) =>
  createBatcher({
    ...options,
    patienceMs: PATIENCE_MS,
    whenRefused: (error) => (isOneRowsFault(error) ? "split" : "fail"),
  });
