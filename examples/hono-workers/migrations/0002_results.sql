CREATE TABLE results (job_id TEXT PRIMARY KEY, url TEXT);
