import type { Connection } from "./database.ts";
import { TABLE } from "./dialect/sql.ts";

/** Writes a row of a usual size, for which a full file has no room. No store has that namespace. */
const PROBE = `INSERT INTO ${TABLE} (namespace, job_id, state, payload) VALUES ('', '', 'dead', ?)`;
const PAYLOAD = "x".repeat(20_000);

/** Writes a row and rolls it back, within a transaction. Throws the error of SQLite. */
export function checkWritable(connection: Connection): void {
  connection.run("SAVEPOINT ready");
  connection.run(PROBE, PAYLOAD);
  connection.run("ROLLBACK TO ready");
  connection.run("RELEASE ready");
}
