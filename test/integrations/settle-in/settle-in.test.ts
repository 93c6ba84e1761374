import { afterAll, describe } from "vitest";
import { findPostgres } from "../../support/postgres-server.ts";
import { placeOnPostgres, placeOnSqlite } from "./places.ts";
import { settleInSuite } from "./suite.ts";

const ORMS = `${import.meta.dirname}/orms.ts`;
const server = await findPostgres();

describe.skipIf(server === undefined)("settleIn on PostgreSQL (needs a server)", () => {
  afterAll(() => server?.stop());
  const create = () => placeOnPostgres(server?.url ?? "");
  settleInSuite("drizzleOnPostgres", ORMS, create);
  settleInSuite("kyselyOnPostgres", ORMS, create);
  settleInSuite("knexOnPostgres", ORMS, create);
});

describe("settleIn on SQLite", () => {
  settleInSuite("drizzleOnSqlite", ORMS, placeOnSqlite);
  settleInSuite("kyselyOnSqlite", ORMS, placeOnSqlite);
});
