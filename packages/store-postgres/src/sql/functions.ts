import type { Names } from "../namespace.ts";
import { ingestSql } from "./ingest.ts";
import { settleSql } from "./settle.ts";
import { NOW, toEpochMs } from "./time.ts";

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
    createFunction(ingest, INGESTED, ingestBody(names.jobs)) +
    createFunction(settle, "id text", settleBody(names.jobs))
  );
}

/** The names of the functions, with the types of their parameters. */
export const signaturesOf = ({ ingest, settle }: Names) => ({
  ingest: `${ingest}(text, float8, integer)`,
  settle: `${settle}(text)`,
});

/**
 * Statements that call the functions, with the parameters of `ingestSql` and `settleSql`. `ingest`
 * also needs the number of deliveries.
 */
export const callsOf = ({ ingest, settle }: Names) => ({
  ingest: `SELECT * FROM ${ingest}($1::text, $2::float8, $3::integer)`,
  settle: `SELECT * FROM ${settle}($1::text)`,
});

/** The columns that `ingestSql` selects. */
const INGESTED = `written boolean, state text, id text, fence integer, attempts integer,
      binding text, fingerprint text, expected boolean, received float8`;

/** True when a commit waits for a standby. */
const WAITS_FOR_STANDBY = `current_setting('synchronous_standby_names') <> ''
      AND current_setting('synchronous_commit') NOT IN ('off', 'local')`;

/**
 * If no job had a row before, the caller knows all rows, so the answer is one row without an id.
 *
 * The server may have a row that its synchronous standby lacks. This happens when a commit waits
 * for the standby and a restart ends that wait. A duplicate of such a row only reads, so its commit
 * would not wait for the standby. Therefore the function writes a message to the log, if there is
 * such a standby and some job had a row. Then the commit waits until the standby has everything
 * that was logged before.
 */
const ingestBody = (jobs: string): string => {
  const { insertNew, compare } = ingestSql(jobs);
  return `
DECLARE
  fresh text[];
BEGIN${insertNew} INTO fresh;
  IF cardinality(fresh) = $3 THEN
    RETURN QUERY SELECT true, NULL::text, NULL::text, NULL::integer, NULL::integer,
      NULL::text, NULL::text, false, ${toEpochMs(NOW)};
  ELSE
    IF ${WAITS_FOR_STANDBY} THEN
      PERFORM pg_logical_emit_message(true, 'abstrakt-webhooks', ''::text);
    END IF;
    RETURN QUERY${compare};
  END IF;
END`;
};

const settleBody = (jobs: string): string => `
BEGIN
  RETURN QUERY${settleSql(jobs).passing};
END`;

/**
 * Sequential scans are off, because a session may plan while the table is empty and keep the plan
 * while the table grows. JIT is off, because compiling takes longer than the statement.
 */
const createFunction = (signature: string, columns: string, body: string): string => `
  IF to_regprocedure('${signature}') IS NULL THEN
    CREATE FUNCTION ${signature} RETURNS TABLE (${columns})
    LANGUAGE plpgsql SET enable_seqscan = off SET jit = off AS $function$
#variable_conflict use_column${body}
$function$;
  END IF;`;
