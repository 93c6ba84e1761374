import { abstraktWebhook } from "@abstrakt-webhooks/express";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import express from "express";
import { post, serve } from "./serve.ts";

const app = express();
app.use(express.json());
app.post("/hook", abstraktWebhook({ auth: "none", onSucceeded: () => undefined }));

const origin = await serve(app);
const logs = "x".repeat(150_000);
await post(`${origin}/hook`, { ...succeededPayload({ job_id: "job_1" }), logs });
