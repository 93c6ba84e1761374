import { createReceiver, signedUrl, type Receiver } from "@abstrakt-webhooks/hono";
import { d1Store } from "@abstrakt-webhooks/store-cloudflare";
import type { Env } from "./env.ts";

const receivers = new WeakMap<Env, Receiver>();

/** Makes one receiver for each isolate: each call in an isolate gets the same `env` object. */
export function receiverFor(env: Env): Receiver {
  const receiver = receivers.get(env) ?? makeReceiver(env);
  receivers.set(env, receiver);
  return receiver;
}

const makeReceiver = (env: Env): Receiver =>
  createReceiver({
    auth: signedUrl({ secrets: [env.WEBHOOK_SECRET], url: env.WEBHOOK_URL }),
    store: d1Store(env.DB),
    // Long work goes through the queue, because `waitUntil` ends soon.
    onSucceeded: async (job) => void (await env.RESULTS.send(job)),
    onFailed: async (job) => console.log(`${job.job_id} failed: ${job.error.message}`),
    // If an isolate ends during a callback, another one can claim the job after this time.
    limits: { leaseMs: 35_000 },
  });
