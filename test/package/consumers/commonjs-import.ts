import type { JobSucceeded } from "@abstrakt-webhooks/express" with { "resolution-mode": "import" };

const handled: string[] = [];
const onSucceeded = (job: JobSucceeded): void => void handled.push(job.job_id);

async function main(): Promise<void> {
  const { abstraktWebhook, createReceiver } = await import("@abstrakt-webhooks/express");
  const { succeededPayload } = await import("@abstrakt-webhooks/testing");
  const { receiver } = abstraktWebhook(createReceiver({ auth: "none", onSucceeded }));
  const payload = succeededPayload();
  await receiver.ingest(payload);
  await receiver.idle();
  console.log(JSON.stringify({ loaded: true, once: handled.join() === payload.job_id }));
}

void main();
