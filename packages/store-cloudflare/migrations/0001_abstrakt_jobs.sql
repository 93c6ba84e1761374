CREATE TABLE abstrakt_jobs (
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
  claim TEXT,
  PRIMARY KEY (namespace, job_id)
);
CREATE INDEX abstrakt_jobs_work ON abstrakt_jobs (namespace, due_at) WHERE state IN ('pending', 'leased');
CREATE INDEX abstrakt_jobs_poll ON abstrakt_jobs (namespace, due_at) WHERE state = 'expected';
CREATE INDEX abstrakt_jobs_settled ON abstrakt_jobs (namespace, state, settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX abstrakt_jobs_dead ON abstrakt_jobs (namespace, job_id) WHERE state = 'dead';
