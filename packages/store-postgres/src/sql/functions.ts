import type { Names } from "../namespace.ts";
import { ingestSql } from "./ingest.ts";
import { settleSql } from "./settle.ts";

/**
 * The statements that carry the load, as functions of the database: each session plans them once. As
 * text they would be planned anew each time, which costs more than to write thirty rows, and to name
 * them is what a pooler in transaction mode does not bear.
 */
export const createFunctionsSql = ({ jobs, ingest, settle }: Names): string => `
    ${createFunction(`${ingest}(text, float8)`, INGESTED, ingestSql(jobs))}
    ${createFunction(`${settle}(text, integer)`, "id text", settleSql(jobs).passing)}`;

/** What `ingestSql` selects. */
const INGESTED = `written boolean, state text, id text, fence integer, attempts integer,
      binding text, fingerprint text, expected boolean, received float8`;

/**
 * A plan is made when the table may still be empty, and kept while it grows, so it must not be one
 * that reads all of it. Nor is it worth compiling: it runs for a millisecond.
 */
const createFunction = (signature: string, columns: string, sql: string): string => `
    CREATE FUNCTION ${signature} RETURNS TABLE (${columns})
    LANGUAGE plpgsql SET enable_seqscan = off SET jit = off AS $function$
#variable_conflict use_column
BEGIN
  RETURN QUERY${sql};
END
$function$;`;

/** Calls of them, with the parameters of what they run. */
export const callsOf = ({ ingest, settle }: Names) => ({
  ingest: `SELECT * FROM ${ingest}($1, $2)`,
  settle: `SELECT * FROM ${settle}($1, $2)`,
});
