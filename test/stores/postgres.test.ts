import { runStoreSuite } from "@abstrakt-webhooks/testing";
import { afterAll, describe, it } from "vitest";
import { openPglite, openPostgres } from "../support/postgres-database.ts";
import { findPostgres } from "../support/postgres-server.ts";
import { bootPostgres, POSTGRES } from "./boot-postgres.ts";

const api = { describe, it, skip: it.skip };

describe("postgres store on PGlite", async () => {
  const database = await openPglite();
  afterAll(() => database.close());
  runStoreSuite(api, bootPostgres(database), POSTGRES);
});

const server = await findPostgres();

describe.skipIf(server === undefined)("postgres store through pg (needs a server)", async () => {
  if (server === undefined) return;
  const database = await openPostgres(server.url);
  afterAll(async () => {
    await database.close();
    await server.stop();
  });
  runStoreSuite(api, bootPostgres(database), POSTGRES);
});
