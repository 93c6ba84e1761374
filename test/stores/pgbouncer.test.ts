import { runStoreSuite } from "@abstrakt-webhooks/testing";
import { Pool } from "pg";
import { afterAll, describe, it } from "vitest";
import { hasPgbouncer, startPgbouncer } from "../support/pgbouncer.ts";
import { openPostgres } from "../support/postgres-database.ts";
import { findPostgres } from "../support/postgres-server.ts";
import { bootPostgres, POSTGRES } from "./boot-postgres.ts";

const server = hasPgbouncer() ? await findPostgres() : undefined;

describe.skipIf(server === undefined)(
  "postgres store through PgBouncer in transaction mode (needs pgbouncer on the PATH)",
  async () => {
    if (server === undefined) {
      it("runs the store suite", () => undefined);
      return;
    }
    const database = await openPostgres(server.url);
    const pooler = await startPgbouncer(server.url, database.schema);
    const pools: Pool[] = [];
    const another = (): Pool => {
      const pool = new Pool({ connectionString: pooler.url, max: 5 });
      pools.push(pool);
      return pool;
    };
    afterAll(async () => {
      await Promise.all(pools.map((pool) => pool.end()));
      await pooler.stop();
      await database.close();
      await server.stop();
    });
    const api = { describe, it, skip: it.skip };
    runStoreSuite(api, bootPostgres({ ...database, client: another(), another }), POSTGRES);
  },
);
