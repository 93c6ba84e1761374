import { abstraktWebhook, createReceiver } from "@abstrakt-webhooks/express";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import express from "express";
import { post, serve } from "./serve.ts";

const receiver = createReceiver({
  auth: "none",
  store: sqliteStore("jobs.db"),
  onSucceeded: () => undefined,
});
receiver.start();

const app = express();
app.post("/hook", abstraktWebhook(receiver));

const origin = await serve(app);
await post(`${origin}/hook`, succeededPayload({ job_id: "job_1" }));
