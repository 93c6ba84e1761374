import type { Names } from "../namespace.ts";
import { ingestSql } from "./ingest.ts";
import { settleSql } from "./settle.ts";

/**
 * Creates the functions of `ingest` and `settle` if they are missing. A session plans the
 * statements of a function once. The server would plan the same statements as text at each call,
 * which costs more than writing thirty rows. Prepared statements are no solution, because a pooler
 * in transaction mode does not support them.
 *
 * It checks each function by name, and not by the version of the schema, because a copy of the
 * tables may lack the functions.
 */
export function createFunctionsSql(names: Names): string {
  const { ingest, settle } = signaturesOf(names);
  return (
    createFunction(ingest, INGESTED, ingestSql(names.jobs)) +
    createFunction(settle, "id text", settleSql(names.jobs).passing)
  );
}

/** The names of the functions, with the types of their parameters. */
export const signaturesOf = ({ ingest, settle }: Names) => ({
  ingest: `${ingest}(text, float8)`,
  settle: `${settle}(text)`,
});

/** True when a commit waits for a standby. */
const WAITS_FOR_STANDBY = `current_setting('synchronous_standby_names') <> ''
    AND current_setting('synchronous_commit') NOT IN ('off', 'local')`;

/**
 * Statements that call the functions, with the parameters of `ingestSql` and `settleSql`.
 *
 * The server may have a row that its synchronous standby lacks. This happens when a commit waits
 * for the standby and a restart ends that wait. A duplicate of such a row only reads, so its commit
 * would not wait for the standby. Therefore a duplicate writes a message to the log, if there is
 * such a standby. Then its commit waits until the standby has everything that was logged before.
 */
export const callsOf = ({ ingest, settle }: Names) => ({
  ingest: `SELECT *, CASE WHEN NOT written AND ${WAITS_FOR_STANDBY}
    THEN pg_logical_emit_message(true, 'abstrakt-webhooks', ''::text) END AS logged
  FROM ${ingest}($1::text, $2::float8)`,
  settle: `SELECT * FROM ${settle}($1::text)`,
});

/** The columns that `ingestSql` selects. */
const INGESTED = `written boolean, state text, id text, fence integer, attempts integer,
      binding text, fingerprint text, expected boolean, received float8`;

/**
 * Sequential scans are off, because a session may plan while the table is empty and keep the plan
 * while the table grows. JIT is off, because compiling takes longer than the statement.
 */
const createFunction = (signature: string, columns: string, sql: string): string => `
  IF to_regprocedure('${signature}') IS NULL THEN
    CREATE FUNCTION ${signature} RETURNS TABLE (${columns})
    LANGUAGE plpgsql SET enable_seqscan = off SET jit = off AS $function$
#variable_conflict use_column
BEGIN
  RETURN QUERY${sql};
END
$function$;
  END IF;`;
