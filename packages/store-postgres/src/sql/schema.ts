import type { Names } from "../namespace.ts";

/**
 * The schema, one entry for each version. Version n is entry n - 1. Never change a released entry,
 * but add one.
 *
 * Every row is in exactly one of the indexes on `due_at`. From `due_at` on, the row may be claimed,
 * may be polled or, if it is done or dead, may be deleted.
 */
export const VERSIONS: readonly ((names: Names) => string)[] = [
  ({ jobs, index }) => `
    CREATE TABLE ${jobs} (
      job_id text COLLATE "C" PRIMARY KEY,
      state text NOT NULL CHECK (state IN ('expected', 'pending', 'leased', 'done', 'dead')),
      fingerprint text,
      payload text,
      source text,
      binding text,
      error text,
      owner text,
      fence integer NOT NULL DEFAULT 0,
      attempts integer NOT NULL DEFAULT 0,
      polls integer NOT NULL DEFAULT 0,
      conflicts integer NOT NULL DEFAULT 0,
      expected boolean NOT NULL DEFAULT false,
      received_at timestamptz,
      settled_at timestamptz,
      due_at timestamptz NOT NULL,
      give_up_after interval,
      give_up_at timestamptz
    ) WITH (autovacuum_vacuum_scale_factor = 0.02);
    CREATE INDEX ${index("work")} ON ${jobs} (due_at) WHERE state IN ('pending', 'leased');
    CREATE INDEX ${index("polls")} ON ${jobs} (due_at) WHERE state = 'expected';
    CREATE INDEX ${index("retention")} ON ${jobs} (due_at) WHERE state IN ('done', 'dead');
    CREATE INDEX ${index("dead")} ON ${jobs} (job_id) WHERE state = 'dead';`,
  // An index for lists of done and dead rows. A row enters it when it is settled, so it does not
  // slow down an ingest.
  ({ jobs, index, indexInSchema }) => `
    DROP INDEX ${indexInSchema("dead")};
    CREATE INDEX ${index("settled")} ON ${jobs} (state, settled_at) WHERE state IN ('done', 'dead');`,
];
