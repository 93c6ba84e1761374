import { runStoreSuite } from "@abstrakt-webhooks/testing";
import { describe, it } from "vitest";
import { bootSqlite } from "./boot-sqlite.ts";

describe("SQLite store", () => {
  runStoreSuite({ describe, it, skip: it.skip }, bootSqlite, { shared: true, namespaces: true });
});
