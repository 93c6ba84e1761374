import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ingested, Lease } from "@abstrakt-webhooks/core";
import Database from "libsql";
import { onTestFinished } from "vitest";
import type { SqliteStore } from "../src/index.ts";
import { OWNER, result } from "./samples.ts";

export { OWNER, result };

/** A path in a folder that is removed after the test. */
export function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "sqlite-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "jobs.db");
}

/** An open database that is closed after the test. libsql has better-sqlite3's interface. */
export function openDatabase(path = temporaryFile()): Database.Database {
  const database = new Database(path);
  onTestFinished(() => void (database.open && database.close()));
  return database;
}

/** The rows of a query as plain objects: `get` of libsql would add its own timing. */
export const query = (database: Database.Database, sql: string): unknown[] =>
  database.prepare(sql).all();

export async function leased(store: SqliteStore, jobId: string): Promise<Lease> {
  const ingested: Ingested = await store.ingest(result(jobId), OWNER);
  if (ingested.kind !== "leased") throw new Error(`Expected a lease, got ${ingested.kind}.`);
  return ingested.lease;
}
