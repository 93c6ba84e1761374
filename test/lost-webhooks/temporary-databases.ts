import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PostgresServer } from "../support/postgres-server.ts";
import { createSchema, type Place } from "./backend.ts";

/** A place and what clears it away. */
interface Found {
  readonly place: Place;
  close(): Promise<void>;
}

/** A file in a folder of its own. */
export function sqlitePlace(): Found {
  const folder = mkdtempSync(join(tmpdir(), "campaign-"));
  return {
    place: { kind: "sqlite", path: join(folder, "jobs.db") },
    close: async () => rmSync(folder, { recursive: true }),
  };
}

/** A schema of its own; stops the server as well when it is over. */
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
