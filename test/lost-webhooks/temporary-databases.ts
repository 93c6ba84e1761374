import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PostgresServer } from "../support/postgres-server.ts";
import { createSchema, type Place } from "./backend.ts";

/** A place, and a function that removes it. */
interface Found {
  readonly place: Place;
  close(): Promise<void>;
}

/** A file in a new folder. */
export function sqlitePlace(): Found {
  const folder = mkdtempSync(join(tmpdir(), "campaign-"));
  return {
    place: { kind: "sqlite", path: join(folder, "jobs.db") },
    close: async () => rmSync(folder, { recursive: true }),
  };
}

/** A new schema. Its removal also stops the server. */
export async function postgresPlace(server: PostgresServer): Promise<Found> {
  const schema = `campaign_${randomBytes(6).toString("hex")}`;
  const drop = await createSchema(server.url, schema);
  return {
    place: { kind: "postgres", url: server.url, schema },
    async close() {
      await drop();
      await server.stop();
    },
  };
}
