import { bootServer } from "./boot-server.ts";
import { servers } from "./mounts.ts";
import { runSuites } from "./run-suites.ts";

runSuites("bare node:http", bootServer(servers["bare node:http"]));
