// Hono behind a middleware that has read the body, in each way; prints the answers and results.
import { abstraktWebhook, createReceiver } from "@abstrakt-webhooks/hono";
import { Hono } from "hono";

const came = new Set();
const receiver = createReceiver({
  auth: "none",
  onSucceeded: (job) => void came.add(job.job_id),
});

const app = new Hono();
for (const kind of ["text", "json", "arrayBuffer", "blob"]) {
  app.use(`/${kind}`, async (c, next) => {
    await c.req[kind]();
    await next();
  });
}
// A middleware may also ignore that the body was no JSON.
app.use("/broken", async (c, next) => {
  await c.req.json().catch(() => undefined);
  await next();
});
app.post("/:kind", abstraktWebhook(receiver));

const post = (path, body) =>
  app.fetch(new Request(`http://localhost/${path}`, { method: "POST", body }));

const answers = {};
for (const kind of ["text", "json", "arrayBuffer", "blob"]) {
  const payload = { job_id: kind, status: "succeeded", output: { type: "image", items: [] } };
  answers[kind] = (await post(kind, JSON.stringify(payload))).status;
}
answers.broken = (await post("broken", "{")).status;
await receiver.idle();
console.log(JSON.stringify({ answers, came: came.size }));
