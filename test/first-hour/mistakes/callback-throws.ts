import { abstraktWebhook, type JobSucceeded } from "@abstrakt-webhooks/express";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import express from "express";
import { post, serve } from "./serve.ts";

const orders = new Map<string, { urls: unknown[] }>();

function saveResult({ job_id, output }: JobSucceeded): void {
  const order = orders.get(job_id) as { urls: unknown[] };
  order.urls.push(output.items[0]?.url);
}

const app = express();
app.post("/hook", abstraktWebhook({ auth: "none", onSucceeded: saveResult }));

const origin = await serve(app);
await post(`${origin}/hook`, succeededPayload({ job_id: "job_1" }));
