import { describe, expect, it } from "vitest";
import { toConnection } from "../src/database.ts";
import { sqliteStore } from "../src/index.ts";
import { migrate } from "../src/migrate.ts";
import { MIGRATIONS } from "../src/schema.ts";
import { leased, openDatabase, query, temporaryFile } from "./support.ts";

const NEXT = [...MIGRATIONS, "ALTER TABLE abstrakt_jobs ADD COLUMN note TEXT DEFAULT 'new'"];

describe("the schema", () => {
  it("is created in an empty file, once, whichever instance comes first", async () => {
    const path = temporaryFile();
    const stores = Array.from({ length: 4 }, () => sqliteStore(path));
    await Promise.all(stores.map((store, index) => leased(store, `job-${index}`)));
    const versions = query(openDatabase(path), "SELECT version FROM abstrakt_schema");
    expect(versions).toEqual(MIGRATIONS.map((_, index) => ({ version: index + 1 })));
    await Promise.all(stores.map((store) => store.close()));
  });

  it("does not change the user's own tables", async () => {
    const database = openDatabase();
    database.exec(
      "CREATE TABLE jobs (id TEXT); INSERT INTO jobs VALUES ('mine'); PRAGMA user_version = 7",
    );
    await leased(sqliteStore(database), "job");
    expect(query(database, "SELECT id FROM jobs")).toEqual([{ id: "mine" }]);
    expect(query(database, "PRAGMA user_version")).toEqual([{ user_version: 7 }]);
  });

  it("is migrated from an older version, with its rows", async () => {
    const database = openDatabase();
    const store = sqliteStore(database);
    await leased(store, "job");
    migrate(toConnection(database), NEXT);
    migrate(toConnection(database), NEXT);
    const rows = query(database, "SELECT job_id, note FROM abstrakt_jobs");
    expect(rows).toEqual([{ job_id: "job", note: "new" }]);
    const newest = query(database, "SELECT max(version) AS version FROM abstrakt_schema");
    expect(newest).toEqual([{ version: NEXT.length }]);
  });

  it("is unchanged when a step of the migration fails", () => {
    const database = openDatabase();
    migrate(toConnection(database));
    const bad = [...NEXT, "ALTER TABLE nobody ADD COLUMN x TEXT"];
    expect(() => migrate(toConnection(database), bad)).toThrow("nobody");
    const columns = query(database, "SELECT name FROM pragma_table_info('abstrakt_jobs')");
    expect(columns).not.toContainEqual({ name: "note" });
    migrate(toConnection(database), NEXT);
  });

  it("is refused when a newer version has migrated it", async () => {
    const database = openDatabase();
    migrate(toConnection(database), NEXT);
    const refused = sqliteStore(database).get("job");
    await expect(refused).rejects.toThrow(
      `version ${MIGRATIONS.length} or less, got ${NEXT.length}. Update`,
    );
  });
});
