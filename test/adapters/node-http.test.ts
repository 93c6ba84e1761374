import { createServer } from "node:http";
import { abstraktWebhook } from "@abstrakt-webhooks/express";
import { bootServer } from "./boot-server.ts";
import { runSuites } from "./suites.ts";

runSuites(
  "bare node:http",
  bootServer((receiver) => createServer(abstraktWebhook(receiver))),
);
