import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { median } from "../statistics.ts";
import { newFolder } from "../stores.ts";
import type { Limits } from "./results.ts";

const WRITES = 300;
/** A page of PostgreSQL's log. */
const PAGE = Buffer.alloc(8_192);

export async function readLimits(): Promise<Limits> {
  const client = new Client({ connectionString: process.env["DATABASE_URL"] });
  await client.connect();
  const { rows } = await client.query<{ max_connections: string }>("SHOW max_connections");
  await client.end();
  return { fsyncMicros: medianFsync(), maxConnections: Number(rows[0]?.max_connections) };
}

/** As a database writes its log, on the disk of temporary files. */
function medianFsync(): number {
  const file = openSync(join(newFolder(), "log"), "w");
  const micros = Array.from({ length: WRITES }, () => {
    writeSync(file, PAGE);
    const start = performance.now();
    fdatasyncSync(file);
    return (performance.now() - start) * 1_000;
  });
  closeSync(file);
  return Math.round(median(micros));
}
