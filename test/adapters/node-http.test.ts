import { bootServer } from "./boot-server.ts";
import { servers } from "./mounts.ts";
import { runSuites } from "./suites.ts";

runSuites("bare node:http", bootServer(servers["bare node:http"]));
