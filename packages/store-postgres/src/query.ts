import { createBatcher, invalidOptions, type BatcherOptions } from "@abstrakt-webhooks/core/store";
import type { PostgresClient } from "./client.ts";
import type { Names } from "./namespace.ts";
import { isOneRowsFault, toStoreError } from "./store-error.ts";

/** Runs one statement in one round trip and resolves to its rows. */
export type Query = <Row>(text: string, ...values: readonly Value[]) => Promise<Row[]>;

export type Value = string | number | null | undefined;

/** @throws AbstraktWebhookError `store_unavailable`; the driver's error is the cause. */
export function createQuery(client: PostgresClient, names: Names): Query {
  const query: PostgresClient["query"] = (text, values) => client.query(text, values);
  const send = isPgClient(client) ? inTurn(query) : query;
  return async <Row>(text: string, ...values: readonly Value[]) => {
    const sent = values.map((value) => value ?? null);
    let result: { readonly rows: readonly unknown[] } | undefined;
    try {
      result = await send(text, sent);
    } catch (thrown) {
      throw toStoreError(thrown, names.jobs);
    }
    if (!Array.isArray(result?.rows)) {
      throw invalidOptions(
        "Expected `client.query(text, values)` to resolve to an object with `rows`, got something else. Wrap the client.",
      );
    }
    return result.rows as Row[];
  };
}

/** True for a single connection of pg. */
const isPgClient = (client: PostgresClient): boolean => "_connected" in client;

/**
 * Sends one statement after the other. pg 8 warns about concurrent statements, pg 9 refuses them.
 */
function inTurn(query: PostgresClient["query"]): PostgresClient["query"] {
  let last: Promise<unknown> = Promise.resolve();
  return (text, values) => {
    const result = last.then(() => query(text, values));
    last = result.catch(() => undefined);
    return result;
  };
}

/** How long a batch waits for the one before it, because one commit costs more than many rows. */
const PATIENCE_MS = 20;

/**
 * Lets many calls share one statement. When the server refuses it because of a row, each call gets
 * its own statement.
 */
export const batchRows = <Item, Answer>(
  options: Pick<BatcherOptions<Item, Answer>, "send" | "keyOf" | "lengthOf">,
): ((item: Item) => Promise<Answer>) =>
  createBatcher({
    ...options,
    patienceMs: PATIENCE_MS,
    whenRefused: (error) => (isOneRowsFault(error) ? "split" : "fail"),
  });
