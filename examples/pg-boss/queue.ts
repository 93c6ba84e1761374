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
  // A result that is delivered again is known as long as its job is kept.
  archiveCompletedAfterSeconds: EIGHT_DAYS_S,
  archiveFailedAfterSeconds: EIGHT_DAYS_S,
});
boss.on("error", ({ message }) => console.error(`PostgreSQL: ${message}`));

/** Makes pg-boss's tables and the queue where they are missing. */
export async function openQueue(): Promise<void> {
  await boss.start();
  await boss.createQueue(QUEUE);
}

/** Resolves when the result is in the queue, where it is once however often it is put there. */
export async function enqueue(result: JobResult): Promise<void> {
  const id = toUuid(result.job_id);
  await boss.send(QUEUE, result, { id, retryLimit: 10, retryBackoff: true });
}

/** pg-boss's ids are UUIDs: the same one for the same job. */
function toUuid(jobId: string): string {
  const hex = createHash("sha256").update(jobId).digest("hex");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-8$3-8$4-$5");
}
