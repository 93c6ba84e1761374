import { createClient, type ClientOptions } from "@abstrakt-webhooks/client";
import { createReceiver, isAbstraktWebhookError } from "@abstrakt-webhooks/core";

const options: ClientOptions = { apiKey: "key", fetch, timeoutMs: 1_000 };
const client = createClient(options);
createReceiver({ auth: "none", client });

try {
  const { job_id, model_id } = await client.run("model", { input: {} });
  job_id satisfies string;
  model_id satisfies string | undefined;
} catch (error) {
  if (isAbstraktWebhookError(error)) error.retryAfterMs satisfies number | undefined;
}
