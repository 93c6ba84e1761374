-- No key on job_id, on purpose: nothing here would hide an effect that happened twice.
CREATE TABLE ledger (job_id text NOT NULL, credits numeric NOT NULL, url text);
