import { POLL, TABLE, WORK } from "./dialect/sql.ts";

/** The steps that bring an empty file to this version, one for each version. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE ${TABLE} (
    namespace TEXT NOT NULL,
    job_id TEXT NOT NULL,
    state TEXT NOT NULL,
    fingerprint TEXT,
    payload TEXT,
    source TEXT,
    binding TEXT,
    error TEXT,
    fence INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    polls INTEGER NOT NULL DEFAULT 0,
    conflicts INTEGER NOT NULL DEFAULT 0,
    expected INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER,
    received_at INTEGER,
    settled_at INTEGER,
    give_up_after INTEGER,
    give_up_at INTEGER,
    PRIMARY KEY (namespace, job_id)
  );
  CREATE INDEX ${TABLE}_work ON ${TABLE} (namespace, due_at) WHERE ${WORK};
  CREATE INDEX ${TABLE}_poll ON ${TABLE} (namespace, due_at) WHERE ${POLL};
  CREATE INDEX ${TABLE}_settled ON ${TABLE} (namespace, state, settled_at) WHERE settled_at IS NOT NULL;
  CREATE INDEX ${TABLE}_dead ON ${TABLE} (namespace, job_id) WHERE state = 'dead';`,
  // Lists of dead rows use the index of settled rows instead.
  `DROP INDEX ${TABLE}_dead;`,
];
