import { createServer } from "node:http";
import { Database } from "bun:sqlite";
import { abstraktWebhook } from "@abstrakt-webhooks/express";
import { runAdapterSuite, runStoreSuite } from "@abstrakt-webhooks/testing";
import { bootServer } from "../adapters/boot-server.ts";
import { bootSqliteWith } from "../stores/boot-sqlite.ts";
import { registerClient } from "./client-suite.ts";
import { introduce, print } from "./print.ts";
import { createRunner } from "./runner.ts";
import { bootServed, registerCommon } from "./suites.ts";

introduce();
const { api, run } = createRunner();
registerCommon(api);
registerClient(api);
api.describe("Bun.serve", () => {
  const boot = bootServed(async (fetch) => {
    const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch });
    return { port: server.port, close: () => server.stop(true) };
  });
  runAdapterSuite(api, boot);
});
api.describe("node:http on Bun", () => {
  const boot = bootServer((receiver) => createServer(abstraktWebhook(receiver)));
  runAdapterSuite(api, boot, { connections: true, uncaught: true });
});
api.describe("SQLite store on bun:sqlite", () => {
  const boot = bootSqliteWith((path) => new Database(path));
  runStoreSuite(api, boot, { shared: true, namespaces: true });
});
await run(print);
