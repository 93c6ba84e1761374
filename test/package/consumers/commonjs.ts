import { createClient } from "@abstrakt-webhooks/client";
import { toReceiver } from "@abstrakt-webhooks/core/adapter";
import {
  abstraktWebhook,
  createReceiver,
  memoryStore,
  type JobRecord,
} from "@abstrakt-webhooks/express";
import { d1Store } from "@abstrakt-webhooks/store-cloudflare";
import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import { redisStore } from "@abstrakt-webhooks/store-redis";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { createSimulator } from "@abstrakt-webhooks/testing/simulator";

const handled: string[] = [];
const dead: JobRecord[] = [];
const receiver = createReceiver({
  auth: "none",
  store: memoryStore(),
  onSucceeded: async (job) => void handled.push(job.job_id),
  onDead: (record) => void dead.push(record),
});
abstraktWebhook(toReceiver(receiver)).receiver satisfies typeof receiver;

const functions = [createClient, createSimulator, d1Store, postgresStore, redisStore, sqliteStore];

async function main(): Promise<void> {
  const payload = succeededPayload();
  await receiver.ingest(payload);
  await receiver.idle();
  const loaded = functions.every((value) => typeof value === "function");
  console.log(JSON.stringify({ loaded, once: handled.join() === payload.job_id }));
}

void main();
