import { createServer } from "node:http";
import { abstraktWebhook } from "@abstrakt-webhooks/express";
import { express4 } from "./express-4.ts";
import { bootServer } from "./boot-server.ts";
import { runSuites } from "./suites.ts";

runSuites(
  "Express 4",
  bootServer((receiver) =>
    createServer(express4().all("/api/abstrakt-webhook", abstraktWebhook(receiver))),
  ),
);
