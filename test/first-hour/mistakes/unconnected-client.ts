import { abstraktWebhook, createReceiver } from "@abstrakt-webhooks/express";
import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import express from "express";
import pg from "pg";
import { post, serve } from "./serve.ts";

const client = new pg.Client({ connectionString: process.env["DATABASE_URL"] });
const receiver = createReceiver({
  auth: "none",
  store: postgresStore({ client }),
  onSucceeded: () => undefined,
});
receiver.start();

const app = express();
app.post("/hook", abstraktWebhook(receiver));

const origin = await serve(app);
await post(`${origin}/hook`, succeededPayload({ job_id: "job_1" }));
