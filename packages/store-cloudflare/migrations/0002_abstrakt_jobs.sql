DROP INDEX abstrakt_jobs_dead;
