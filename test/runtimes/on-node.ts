import { createServer } from "node:http";
import { abstraktWebhook } from "@abstrakt-webhooks/express";
import { runAdapterSuite, runStoreSuite } from "@abstrakt-webhooks/testing";
import { bootServer } from "../adapters/boot-server.ts";
import { bootSqlite } from "../stores/boot-sqlite.ts";
import { registerClient } from "./client-suite.ts";
import { introduce, print } from "./print.ts";
import { createRunner } from "./runner.ts";
import { registerCommon } from "./suites.ts";

introduce();
const { api, run } = createRunner();
registerCommon(api);
registerClient(api);
api.describe("node:http", () => {
  const boot = bootServer((receiver) => createServer(abstraktWebhook(receiver)));
  runAdapterSuite(api, boot, { connections: true, uncaught: true });
});
api.describe("SQLite store", () => {
  runStoreSuite(api, bootSqlite, { shared: true, namespaces: true });
});
await run(print);
