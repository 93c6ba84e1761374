import { abstraktWebhook } from "@abstrakt-webhooks/hono";
import { Hono } from "hono";
import { consume } from "./consume.ts";
import type { Env, ResultBatch } from "./env.ts";
import { receiverFor } from "./receiver.ts";

const app = new Hono<{ Bindings: Env }>();
app.post(
  "/api/abstrakt-webhook",
  abstraktWebhook((c) => receiverFor(c.env as Env)),
);

export default {
  fetch: app.fetch,

  /** Runs callbacks that failed, or that an isolate left, and removes old rows. */
  scheduled: async (_event: unknown, env: Env) => void (await receiverFor(env).tick()),

  queue: (batch: ResultBatch, env: Env) => consume(batch, env),
};
