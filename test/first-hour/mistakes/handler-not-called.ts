import { abstraktWebhook } from "@abstrakt-webhooks/express";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import express from "express";
import { post, serve } from "./serve.ts";

const app = express();
// A compiler would report it too.
app.post("/hook", abstraktWebhook as never);

const origin = await serve(app);
await post(`${origin}/hook`, succeededPayload({ job_id: "job_1" }));
