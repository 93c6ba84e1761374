import { runAdapterSuite, runStoreSuite } from "@abstrakt-webhooks/testing";
import { bootSqlite } from "../stores/boot-sqlite.ts";
import { registerClient } from "./client-suite.ts";
import { introduce, print } from "./print.ts";
import { createRunner } from "./runner.ts";
import { bootServed, registerCommon } from "./suites.ts";

introduce();
const { api, run } = createRunner();
registerCommon(api);
registerClient(api);
api.describe("Deno.serve", () => {
  const boot = bootServed(async (fetch) => {
    // `shutdown` would wait for a sender with an endless body.
    const stop = new AbortController();
    const options = { port: 0, hostname: "127.0.0.1", onListen() {}, signal: stop.signal };
    const { addr } = Deno.serve(options, fetch);
    return { port: addr.port, close: async () => stop.abort() };
  });
  runAdapterSuite(api, boot);
});
api.describe("SQLite store on node:sqlite", () => {
  runStoreSuite(api, bootSqlite, { shared: true, namespaces: true });
});
await run(print);
