import { join } from "node:path";
import type { Backend } from "./backend.ts";

/** The memory store, which ends with its process. It is the control for the others. */
export const memoryBackend: Backend = {
  kind: "memory",
  address: (namespace) => ({ kind: "memory", url: "", namespace }),
  close: async () => undefined,
};

/** A file in a folder that the campaign removes. */
export const sqliteBackend = (folder: string): Backend => ({
  kind: "sqlite",
  address: (namespace) => ({ kind: "sqlite", url: join(folder, `${namespace}.db`), namespace }),
  close: async () => undefined,
});
