import type { Names } from "../namespace.ts";
import { ingestSql } from "./ingest.ts";
import { settleSql } from "./settle.ts";

/**
 * Creates the functions of `ingest` and `settle` where they are missing. A session plans the
 * statements of a function once. The same statements as text are planned at each call, which costs
 * more than to write thirty rows, and a pooler in transaction mode does not support prepared
 * statements.
 *
 * Each function is looked up by name, and not by a version, because a copy of the tables may lack
 * it.
 */
export function createFunctionsSql(names: Names): string {
  const { ingest, settle } = signaturesOf(names);
  return (
    createFunction(ingest, INGESTED, ingestSql(names.jobs)) +
    createFunction(settle, "id text", settleSql(names.jobs).passing)
  );
}

/** Their names, with the types of their parameters. */
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
 * A row may be here and not on the synchronous standby: it was written while the standby was away,
 * and a restart ended its commit's wait. A duplicate of that row only reads, so its commit waits for
 * no standby. Where there is such a standby, a duplicate therefore writes a message to the log. Then
 * its commit waits too, until the standby has everything that was logged before.
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
 * A session may plan while the table is empty and keep the plan while the table grows, so
 * sequential scans are off. So is JIT, because compiling takes longer than the statement.
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
