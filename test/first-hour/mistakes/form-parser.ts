import { abstraktWebhook } from "@abstrakt-webhooks/express";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import express from "express";
import { post, serve } from "./serve.ts";

const app = express();
app.use(express.urlencoded());
app.post("/hook", abstraktWebhook({ auth: "none", onSucceeded: () => undefined }));

const origin = await serve(app);
const form = "application/x-www-form-urlencoded";
await post(`${origin}/hook`, succeededPayload({ job_id: "job_1" }), form);
