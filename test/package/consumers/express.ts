import express from "express";
import {
  abstraktWebhook,
  createReceiver,
  memoryStore,
  type JobRecord,
} from "@abstrakt-webhooks/express";

const dead: JobRecord[] = [];
const receiver = createReceiver({
  auth: "none",
  store: memoryStore({ maxLive: 100 }),
  onSucceeded: async (job, ctx) => console.log(job.output.items[0]?.url, ctx.signal.aborted),
  onFailed: (job) => console.log(job.error.code satisfies string),
  onDead: (record) => void dead.push(record),
});

const app = express();
app.post("/bare", abstraktWebhook(receiver));
app.post("/parsed", express.json(), abstraktWebhook({ auth: "none" }));
app.use("/mounted", express.Router().post("/", abstraktWebhook(receiver)));

await abstraktWebhook(receiver).receiver.drain({ timeoutMs: 1_000 });
