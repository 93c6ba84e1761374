import { bootServer } from "./boot-server.ts";
import { servers } from "./mounts.ts";
import { runSuites } from "./run-suites.ts";

runSuites("Express 5", bootServer(servers["Express 5"]));
