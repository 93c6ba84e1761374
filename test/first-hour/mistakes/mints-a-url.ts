import { abstraktWebhook, signedUrl } from "@abstrakt-webhooks/express";
import express from "express";
import { post, serve } from "./serve.ts";

const auth = signedUrl({
  secrets: ["a secret of 32 characters or more"],
  url: "https://app.example.com/hook",
});
const app = express();
app.post("/hook", abstraktWebhook({ auth: "none", onSucceeded: () => undefined }));

const origin = await serve(app);
await post(`${origin}/hook`, { job_id: "job_1", status: "succeeded" });
await auth.mint();
