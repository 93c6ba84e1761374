import type { Query } from "./query.ts";

interface Server {
  readonly commit: string;
  readonly fsync: string;
  readonly standby: boolean;
  readonly read_only: string;
  readonly isolation: string;
  readonly encoding: string;
}

const SERVER = `
SELECT current_setting('synchronous_commit') AS commit, current_setting('fsync') AS fsync,
  pg_is_in_recovery() AS standby, current_setting('default_transaction_read_only') AS read_only,
  current_setting('default_transaction_isolation') AS isolation, getdatabaseencoding() AS encoding`;

/** Warns about settings of the server that put results at risk. */
export async function inspect(query: Query): Promise<{ warnings: string[] }> {
  const [server] = await query<Server>(SERVER);
  return { warnings: server === undefined ? [] : warningsOf(server) };
}

function warningsOf(server: Server): string[] {
  const warnings: string[] = [];
  if (server.fsync === "off") {
    warnings.push(
      "PostgreSQL runs with fsync = off: when the machine crashes, acknowledged results and the database itself can be lost. Turn it on.",
    );
  }
  if (server.commit === "off") {
    warnings.push(
      "PostgreSQL runs with synchronous_commit = off: a crash of the server loses the results acknowledged last. Turn it on for this user: ALTER ROLE ... SET synchronous_commit = on.",
    );
  }
  if (server.standby) {
    warnings.push(
      "PostgreSQL is a standby and takes no writes: every delivery will be refused. Connect to the primary.",
    );
  } else if (server.read_only === "on") {
    warnings.push(
      "PostgreSQL has default_transaction_read_only = on: every delivery will be refused. Turn it off for this user.",
    );
  }
  if (server.isolation !== "read committed") {
    warnings.push(
      `PostgreSQL has default_transaction_isolation = ${server.isolation}: concurrent deliveries of one job will fail and have to be sent again. Set read committed for this user.`,
    );
  }
  if (server.encoding !== "UTF8") {
    warnings.push(
      `The database is encoded in ${server.encoding}: ids and results with other characters will be refused. Use a UTF8 database.`,
    );
  }
  return warnings;
}
