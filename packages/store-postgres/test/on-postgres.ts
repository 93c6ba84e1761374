import type { PostgresClient } from "@abstrakt-webhooks/store-postgres";
import type { Delivery } from "@abstrakt-webhooks/core";
import { afterAll, beforeAll, describe } from "vitest";
import { openPostgres, type TestDatabase } from "../../../test/support/postgres-database.ts";
import { findPostgres, type PostgresServer } from "../../../test/support/postgres-server.ts";

export interface OnPostgres {
  readonly url: string;
  readonly database: TestDatabase;
}

/**
 * Describes tests that need a server, in a schema that is dropped afterwards. `max` limits the
 * pool.
 */
export async function onPostgres(
  name: string,
  define: (on: OnPostgres) => void,
  max?: number,
): Promise<void> {
  const server = await findPostgres();
  describe.skipIf(server === undefined)(`${name} (needs a server)`, () => {
    let opened: { server: PostgresServer; database: TestDatabase } | undefined;
    const given = () => {
      if (opened === undefined) throw new Error("Ask for the database inside a test.");
      return opened;
    };
    beforeAll(async () => {
      if (server !== undefined) opened = { server, database: await openPostgres(server.url, max) };
    });
    afterAll(async () => {
      await opened?.database.close();
      await opened?.server.stop();
    });
    define({
      get url() {
        return given().server.url;
      },
      get database() {
        return given().database;
      },
    });
  });
}

/** Passes statements on; records their text and the errors of the server. */
export function counting(client: PostgresClient) {
  const statements: string[] = [];
  const refusals: unknown[] = [];
  return {
    statements,
    refusals,
    query(text: string, values: unknown[]) {
      statements.push(text);
      return client.query(text, values).catch((error: unknown) => {
        refusals.push(error);
        throw error;
      });
    },
  };
}

export const result = (jobId: string, fingerprint = "1-a"): Delivery => ({
  jobId,
  fingerprint,
  payload: '{"result":true}',
  source: "webhook",
});

export const HELD = { owner: "test", leaseMs: 60_000 };
export const STORED = { owner: "test", leaseMs: 0 };

/** Counts the values of each kind. */
export function tally(answers: readonly { kind: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of answers) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
