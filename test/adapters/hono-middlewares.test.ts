import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { describe, it } from "vitest";
import { registerHonoMiddlewares } from "./hono-middlewares.ts";

// `pnpm test:runtimes` tests the other versions of the server.
describe("Hono on @hono/node-server 2", () => {
  registerHonoMiddlewares({ describe, it }, (fetch) => createAdaptorServer({ fetch }) as Server);
});
