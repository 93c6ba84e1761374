import { Pool, type PoolClient } from "pg";

export const pool = new Pool({
  connectionString: process.env["DATABASE_URL"],
  max: 10,
  connectionTimeoutMillis: 3_000,
});
// Without it, pg ends the process when an idle connection breaks. The next query takes a new one.
pool.on("error", (error) => console.error(`PostgreSQL: ${error.message}`));
// The same while a callback holds the connection: its next statement fails, and rolls it back.
pool.on("connect", (connection) => connection.on("error", () => {}));

/** Commits what `work` does, or nothing of it. */
export async function transaction(work: (tx: PoolClient) => Promise<void>): Promise<void> {
  const tx = await pool.connect();
  try {
    await tx.query("BEGIN");
    await work(tx);
    await tx.query("COMMIT");
    tx.release();
  } catch (error) {
    // Closed instead of given back: that rolls back, also where a ROLLBACK would not get through.
    tx.release(true);
    throw error;
  }
}
