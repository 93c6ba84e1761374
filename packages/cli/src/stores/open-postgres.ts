import { postgresStore, type PostgresClient } from "@abstrakt-webhooks/store-postgres";
import { loadDriver } from "./load-driver.ts";
import { CONNECT_TIMEOUT_MS, type OpenStore, type StoreLocation } from "./inspected-store.ts";

interface Pool extends PostgresClient {
  on(event: "error", listener: () => void): unknown;
  end(): Promise<unknown>;
}

interface PostgresJs {
  unsafe(text: string, values: string[]): Promise<readonly unknown[]>;
  end(): Promise<unknown>;
}

/** Opens a database with `pg` or `postgres`. */
export async function openPostgres({ url, namespace, cwd }: StoreLocation): Promise<OpenStore> {
  const driver = await loadDriver("PostgreSQL", ["pg", "postgres"], cwd);
  if (driver.name === "pg") {
    const Pool = driver.pick("Pool") as new (options: object) => Pool;
    const pool = new Pool({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      max: 1,
    });
    pool.on("error", () => undefined); // without it, pg ends the process
    return {
      store: postgresStore({ client: pool, namespace }),
      close: async () => void (await pool.end()),
    };
  }
  const connect = driver.pick("default") as (url: string, options: object) => PostgresJs;
  const sql = connect(url, { max: 1, connect_timeout: CONNECT_TIMEOUT_MS / 1_000 });
  const client: PostgresClient = {
    query: async (text, values) => ({ rows: await sql.unsafe(text, values as string[]) }),
  };
  return { store: postgresStore({ client, namespace }), close: async () => void (await sql.end()) };
}
