import { createHash } from "node:crypto";
import type { JobResult } from "@abstrakt-webhooks/express";
import PgBoss from "pg-boss";

const { DATABASE_URL = "postgres://localhost/postgres", PGBOSS_SCHEMA: schema = "pgboss" } =
  process.env;
const EIGHT_DAYS_S = 8 * 86_400;

export const QUEUE = "abstrakt-results";

export const boss = new PgBoss({
  connectionString: DATABASE_URL,
  schema,
  // pg-boss recognises a repeated result as long as it keeps the job.
  archiveCompletedAfterSeconds: EIGHT_DAYS_S,
  archiveFailedAfterSeconds: EIGHT_DAYS_S,
});
boss.on("error", ({ message }) => console.error(`PostgreSQL: ${message}`));

/** Creates pg-boss's tables and the queue if they do not exist. */
export async function openQueue(): Promise<void> {
  await boss.start();
  await boss.createQueue(QUEUE);
}

/** Resolves when the result is in the queue. A result that is added twice is there only once. */
export async function enqueue(result: JobResult): Promise<void> {
  const id = toUuid(result.job_id);
  await boss.send(QUEUE, result, { id, retryLimit: 10, retryBackoff: true });
}

/** An id of pg-boss is a UUID. The same `job_id` always gives the same UUID. */
function toUuid(jobId: string): string {
  const hex = createHash("sha256").update(jobId).digest("hex");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-8$3-8$4-$5");
}
