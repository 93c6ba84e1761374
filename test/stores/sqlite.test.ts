import { runStoreSuite } from "@abstrakt-webhooks/testing";
import Database from "libsql";
import { describe, it } from "vitest";
import { bootSqliteWith } from "./boot-sqlite.ts";

const boot = bootSqliteWith(
  (path) => path,
  (path) => new Database(path, { timeout: 250 }),
);

describe("SQLite store", () => {
  const capabilities = { shared: true, namespaces: true, transactions: true };
  runStoreSuite({ describe, it, skip: it.skip }, boot, capabilities);
});
