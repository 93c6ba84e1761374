import { afterAll, describe } from "vitest";
import { findPostgres } from "../../support/postgres-server.ts";
import { placeOnPostgres } from "../settle-in/places.ts";
import { settleInSuite } from "../settle-in/suite.ts";

const server = await findPostgres();

describe.skipIf(server === undefined)("settleIn on PostgreSQL (needs a server)", () => {
  afterAll(() => server?.stop());
  const create = () => placeOnPostgres(server?.url ?? "");
  settleInSuite("prismaOnPostgres", `${import.meta.dirname}/orm.ts`, create);
});
