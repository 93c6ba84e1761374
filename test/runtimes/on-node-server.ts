import { createRequire } from "node:module";
import type { Server } from "node:http";
import { pathToFileURL } from "node:url";
import { registerHonoMiddlewares } from "../adapters/hono-middlewares.ts";
import { introduce, print } from "./print.ts";
import { createRunner } from "./runner.ts";

// `on-node-server.js node-server-1.8.2`: each has its own process, because most change globals.
const [alias = ""] = process.argv.slice(2);
const hosts = createRequire(new URL("../../hosts/package.json", import.meta.url));
const server = (await import(pathToFileURL(hosts.resolve(alias)).href)) as {
  createAdaptorServer(options: { fetch: unknown }): Server;
};

introduce();
const { api, run } = createRunner();
registerHonoMiddlewares(api, (fetch) => server.createAdaptorServer({ fetch }), {
  listensLate: alias.includes("1.19"),
});
await run(print);
process.exit();
