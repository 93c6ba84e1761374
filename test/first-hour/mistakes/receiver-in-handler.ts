import { abstraktWebhook } from "@abstrakt-webhooks/express";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import express from "express";
import { post, serve } from "./serve.ts";

const app = express();
app.post("/hook", (request, response) => {
  const handler = abstraktWebhook({ auth: "none", onSucceeded: () => undefined });
  return handler(request, response);
});

const origin = await serve(app);
for (let sent = 1; sent <= 20; sent += 1) {
  await post(`${origin}/hook`, succeededPayload({ job_id: `job_${sent}` }));
}
