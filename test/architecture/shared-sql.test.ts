import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { MIGRATIONS } from "../../packages/store-sqlite/src/schema.ts";
import { migrationStatements } from "../support/libsql-d1.ts";

// No store imports another, or it would bring the other's drivers. So what they share is copied.
it.each(["sql.ts", "row.ts"])("store-cloudflare and store-sqlite have the same %s", (file) => {
  const [sqlite, cloudflare] = ["store-sqlite", "store-cloudflare"].map((name) =>
    readFileSync(`packages/${name}/src/${file}`, "utf8"),
  );
  expect(cloudflare).toBe(sqlite);
});

it("the migration for wrangler makes the tables of the SQLite store, and a column of its own", () => {
  const words = (statements: readonly string[]): string =>
    statements.join(";").replace(/\s+/g, "").replace(/;$/, "");
  expect(words(migrationStatements())).toContain("claimTEXT,");
  expect(words(migrationStatements()).replace("claimTEXT,", "")).toBe(words(MIGRATIONS));
});
