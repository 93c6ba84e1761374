import { Pool, type PoolClient } from "pg";

export const pool = new Pool({
  connectionString: process.env["DATABASE_URL"],
  max: 10,
  connectionTimeoutMillis: 3_000,
});
// Without it, pg ends the process when an idle connection breaks. The next query takes a new one.
pool.on("error", (error) => console.error(`PostgreSQL: ${error.message}`));
// The same for a connection that a callback uses. Its next statement fails, and it rolls back.
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
    // `true` closes the connection, so PostgreSQL rolls back, even if it gets no ROLLBACK.
    tx.release(true);
    throw error;
  }
}
