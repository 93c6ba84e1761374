import type { Connection } from "./database.ts";
import { TABLE } from "./dialect/sql.ts";

/** A row as large as most, for which a file that is full has no room. */
const PROBE = `INSERT INTO ${TABLE} (namespace, job_id, state, payload) VALUES ('', ?, 'dead', ?)`;
const PAYLOAD = "x".repeat(20_000);

/** Writes a row and takes it back, within a transaction. Throws what SQLite says against it. */
export function checkWritable(connection: Connection): void {
  connection.run("SAVEPOINT ready");
  connection.run(PROBE, crypto.randomUUID(), PAYLOAD);
  connection.run("ROLLBACK TO ready");
  connection.run("RELEASE ready");
}
