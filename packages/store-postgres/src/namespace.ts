import { invalidOptions } from "@abstrakt-webhooks/core/store";

/** Names of the tables, functions and indexes of one namespace, quoted for SQL. */
export interface Names {
  /** Absent: a schema of the connection's search path, the first one that has the tables. */
  readonly schema?: string;
  /** `"schema"."abstrakt_jobs"`, the table of jobs. */
  readonly jobs: string;
  /** `"schema"."abstrakt_migrations"`, the table of applied versions. */
  readonly migrations: string;
  /** `"schema"."abstrakt_ingest_4"`, the function that ingests. */
  readonly ingest: string;
  /** `"schema"."abstrakt_settle_2"`, the function that settles. */
  readonly settle: string;
  /**
   * The name of an index of the table of jobs, without the schema. CREATE INDEX takes no schema.
   */
  index(suffix: string): string;
  /** The name of an index with its schema, for statements that do not name the table. */
  indexInSchema(suffix: string): string;
}

// PostgreSQL cuts identifiers at 63 bytes; the longest suffix is `_jobs_retention`.
const NAMESPACE = /^(?:([a-z_][a-z0-9_]{0,47})\.)?([a-z_][a-z0-9_]{0,47})$/;

/**
 * Makes the names of the namespace `abstrakt` or `schema.abstrakt`. Each name ends in a suffix, so
 * no two namespaces share a name.
 *
 * @throws AbstraktWebhookError `invalid_options` when it is not one or two identifiers.
 */
export function toNames(namespace: string): Names {
  const [, schema, name] = NAMESPACE.exec(namespace) ?? [];
  if (name === undefined) {
    throw invalidOptions(
      "Expected `namespace` to be a name or schema.name of lower-case letters, digits and underscores, each at most 48 characters and none beginning with a digit.",
    );
  }
  const quote = (suffix: string) =>
    `${schema === undefined ? "" : `"${schema}".`}"${name}_${suffix}"`;
  return {
    ...(schema !== undefined && { schema }),
    jobs: quote("jobs"),
    migrations: quote("migrations"),
    // A function with another statement gets another number, because instances of two versions may
    // share a database.
    ingest: quote("ingest_4"),
    settle: quote("settle_2"),
    index: (suffix) => `"${name}_jobs_${suffix}"`,
    indexInSchema: (suffix) => quote(`jobs_${suffix}`),
  };
}
