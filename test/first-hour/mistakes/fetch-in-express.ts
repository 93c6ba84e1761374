import { createReceiver, memoryStore } from "@abstrakt-webhooks/express";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import express from "express";
import { post, serve } from "./serve.ts";

const receiver = createReceiver({ auth: "none", store: memoryStore() });

const app = express();
app.post("/hook", (request, response) => {
  // A compiler would report it too.
  const answer = receiver.fetch(request as never);
  void answer.then(async (ack) => response.status(ack.status).send(await ack.text()));
});

const origin = await serve(app);
await post(`${origin}/hook`, succeededPayload({ job_id: "job_1" }));
