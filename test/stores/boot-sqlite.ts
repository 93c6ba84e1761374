import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";
import { createManualClock, type BootStore } from "@abstrakt-webhooks/testing";

/** An SQLite store on a file of its own, under a clock of its own. */
export const bootSqlite: BootStore = (options) => {
  const folder = mkdtempSync(join(tmpdir(), "sqlite-"));
  const clock = createManualClock();
  const store = (namespace = "suite") =>
    sqliteStore(join(folder, "jobs.db"), { ...options, namespace, clock: clock.now });
  const first = store();
  return {
    store: first,
    elapse: async (ms) => clock.advance(ms),
    another: async () => store(),
    otherNamespace: async () => store("other"),
    async close() {
      await first.close();
      rmSync(folder, { recursive: true });
    },
  };
};
