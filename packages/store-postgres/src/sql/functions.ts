import type { Names } from "../namespace.ts";
import { ingestSql } from "./ingest.ts";
import { settleSql } from "./settle.ts";

/**
 * Makes what is missing of the functions that run the statements of the hot path. A session plans
 * those once and keeps the plan; as text they would be planned anew each time, which costs more than
 * to write thirty rows, and to name them is what a pooler in transaction mode does not bear.
 *
 * They are looked for themselves, not by a version: a copy of the tables may come without them.
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

/** Calls of them, with the parameters of what they run. */
export const callsOf = ({ ingest, settle }: Names) => ({
  ingest: `SELECT * FROM ${ingest}($1::text, $2::float8)`,
  settle: `SELECT * FROM ${settle}($1::text)`,
});

/** What `ingestSql` selects. */
const INGESTED = `written boolean, state text, id text, fence integer, attempts integer,
      binding text, fingerprint text, expected boolean, received float8`;

/**
 * A plan is made when the table may still be empty, and kept while it grows, so it must not be one
 * that reads all of it. Nor is it worth compiling: it runs for a millisecond.
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
