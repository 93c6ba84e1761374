import { Pool, type PoolClient } from "pg";

export const pool = new Pool({
  connectionString: process.env["DATABASE_URL"],
  max: 10,
  connectionTimeoutMillis: 3_000,
});
// Without it, pg ends the process when an idle connection breaks. The next query takes a new one.
pool.on("error", (error) => console.error(`PostgreSQL: ${error.message}`));
// The same while a callback uses the connection. Its next statement fails, and it rolls back.
pool.on("connect", (connection) => connection.on("error", () => {}));

/** Commits everything that `work` writes, or nothing. */
export async function transaction(work: (tx: PoolClient) => Promise<void>): Promise<void> {
  const tx = await pool.connect();
  try {
    await tx.query("BEGIN");
    await work(tx);
    await tx.query("COMMIT");
    tx.release();
  } catch (error) {
    // The connection is closed and not reused: this rolls back even if a ROLLBACK would fail.
    tx.release(true);
    throw error;
  }
}
