import { expect, it } from "vitest";
import { MIGRATIONS } from "../../packages/store-sqlite/src/schema.ts";
import { migrationStatements } from "../support/libsql-d1.ts";

it("the migration for wrangler creates the tables of the SQLite store, and one column more", () => {
  const words = (statements: readonly string[]): string =>
    statements.join(";").replace(/\s+/g, "").replace(/;+/g, ";").replace(/;$/, "");
  expect(words(migrationStatements())).toContain("claimTEXT,");
  expect(words(migrationStatements()).replace("claimTEXT,", "")).toBe(words(MIGRATIONS));
});
