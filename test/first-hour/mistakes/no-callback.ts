import { abstraktWebhook } from "@abstrakt-webhooks/express";
import { failedPayload } from "@abstrakt-webhooks/testing";
import express from "express";
import { post, serve } from "./serve.ts";

const app = express();
app.post("/hook", abstraktWebhook({ auth: "none", onSucceeded: () => undefined }));

const origin = await serve(app);
await post(`${origin}/hook`, failedPayload({ job_id: "job_1" }));
