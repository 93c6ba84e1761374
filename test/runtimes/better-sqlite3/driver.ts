import { createRequire } from "node:module";
import libsql from "libsql";
import { expect, it } from "vitest";
import { openFile } from "../../../packages/store-sqlite/src/open-file.ts";

const BetterSqlite3 = createRequire(import.meta.url)("better-sqlite3") as typeof libsql;

it("a path is opened by better-sqlite3, and so is the import of libsql in the other tests", async () => {
  const database = await openFile(":memory:");
  expect(database).toBeInstanceOf(BetterSqlite3);
  database.close();
  expect(libsql).toBe(BetterSqlite3);
});
