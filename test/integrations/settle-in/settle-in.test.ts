import { createReceiver } from "@abstrakt-webhooks/core";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import { findPostgres } from "../../support/postgres-server.ts";
import { pgBoss } from "./orms.ts";
import { placeOnPostgres, placeOnSqlite, placeWithPgBoss } from "./places.ts";
import { settleInSuite } from "./suite.ts";

const ORMS = `${import.meta.dirname}/orms.ts`;
const server = await findPostgres();

describe.skipIf(server === undefined)("settleIn on PostgreSQL (needs a server)", () => {
  afterAll(() => server?.stop());
  const create = () => placeOnPostgres(server?.url ?? "");
  settleInSuite("drizzleOnPostgres", ORMS, create);
  settleInSuite("kyselyOnPostgres", ORMS, create);
  settleInSuite("knexOnPostgres", ORMS, create);
  settleInSuite("pgBoss", ORMS, () => placeWithPgBoss(server?.url ?? ""));

  it("pg-boss without its queue: send answers null, and the result is not done", async () => {
    const place = await placeWithPgBoss(server?.url ?? "");
    onTestFinished(place.close);
    await place.deleteQueue();
    const { store, save, close } = pgBoss(place.address);
    onTestFinished(close);
    const receiver = createReceiver({
      auth: "none",
      store,
      onSucceeded: async (job, ctx) => {
        await save(job, ctx);
      },
      onEvent: () => undefined,
    });
    const job = succeededPayload();
    await receiver.ingest(job);
    await receiver.idle();
    expect(await store.get(job.job_id)).toMatchObject({
      state: "pending",
      error: "Error: Expected a job of send, got null. Call createQueue first.",
    });
    await receiver.drain();
  });
});

describe("settleIn on SQLite", () => {
  settleInSuite("drizzleOnSqlite", ORMS, placeOnSqlite);
  settleInSuite("kyselyOnSqlite", ORMS, placeOnSqlite);
});
