import { createClient, type ClientOptions } from "@abstrakt-webhooks/client";
import { createReceiver, isAbstraktWebhookError } from "@abstrakt-webhooks/core";
import { postgresStore } from "@abstrakt-webhooks/store-postgres";

const options: ClientOptions = { apiKey: "key", fetch, timeoutMs: 1_000 };
const client = createClient(options);
const pool = { query: async (text: string, _values?: unknown[]) => ({ rows: [text] }) };
const isDurable = process.env["DURABLE"] === "1";
const receiver = createReceiver({
  auth: "none",
  client: isDurable ? client : undefined,
  store: isDurable
    ? postgresStore({ client: pool, namespace: process.env["NAMESPACE"] })
    : undefined,
  onSucceeded: (job) => pool.query("INSERT INTO done VALUES ($1)", [job.job_id]),
  onFailed: isDurable ? (job) => pool.query(job.error.message) : undefined,
  limits: { concurrency: isDurable ? 10 : undefined },
});

let next: string | undefined;
do {
  const page = await receiver.list({ after: next });
  next = page.next;
} while (next);

try {
  const { job_id, model_id } = await client.run("model", { input: {} });
  job_id satisfies string;
  model_id satisfies string | undefined;
} catch (error) {
  if (isAbstraktWebhookError(error)) error.retryAfterMs satisfies number | undefined;
}
