import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const betterSqlite3 = fileURLToPath(import.meta.resolve("better-sqlite3"));
const conditions = ["@abstrakt-webhooks/source", "node"];

/** The SQLite store's own tests on better-sqlite3; `better-sqlite3.test.ts` runs them. */
export default defineConfig({
  resolve: {
    conditions,
    alias: {
      libsql: betterSqlite3, // it has the same interface, and the tests open it
      "better-sqlite3": betterSqlite3,
      "node:sqlite": betterSqlite3, // a newer Node's own would be used first
    },
  },
  ssr: { resolve: { conditions, externalConditions: ["node"] } },
  test: {
    root: fileURLToPath(new URL("../../..", import.meta.url)),
    include: [
      "packages/store-sqlite/test/*.test.ts",
      "test/stores/{sqlite,sqlite-model}.test.ts",
      "test/runtimes/better-sqlite3/driver.ts",
    ],
    exclude: ["**/processes.test.ts"], // its child processes would open libsql
    testTimeout: 30_000,
  },
});
