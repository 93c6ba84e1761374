import { bootServer } from "./boot-server.ts";
import { servers } from "./mounts.ts";
import { runSuites } from "./run-suites.ts";

runSuites("Hono on @hono/node-server", bootServer(servers["Hono on @hono/node-server"]));
