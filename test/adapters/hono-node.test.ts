import { abstraktWebhook } from "@abstrakt-webhooks/hono";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { bootServer } from "./boot-server.ts";
import { runSuites } from "./suites.ts";

runSuites(
  "Hono on @hono/node-server",
  bootServer((receiver) => {
    const app = new Hono().all("/api/abstrakt-webhook", abstraktWebhook(receiver));
    return createAdaptorServer({ fetch: app.fetch });
  }),
);
