import { abstraktWebhook, createReceiver, signedUrl, type Receiver } from "@abstrakt-webhooks/hono";
import { d1Store, type D1Database } from "@abstrakt-webhooks/store-cloudflare";
import { Hono } from "hono";
import { clients } from "./deployed-clients.ts";

/** The bindings of the tests. Each run of a callback is a row of `runs`. */
export interface Env {
  readonly DB: D1Database;
  /** The receiver accepts only signed URLs. */
  readonly SECRET?: string;
  /** The host does not keep the work after the answer alive. */
  readonly CUT?: boolean;
  /** The options have no store. */
  readonly STORELESS?: boolean;
  /** The client that submits and polls. */
  readonly CLIENT?: keyof typeof clients;
}

export const ENDPOINT = "http://localhost/api/abstrakt-webhook";
const LEASE_MS = 500;
const MAX_BODY_BYTES = 10_000;

const receivers = new WeakMap<object, Receiver>();

/** One receiver for each set of bindings. */
function receiverFor(env: Env): Receiver {
  const receiver = receivers.get(env) ?? makeReceiver(env);
  receivers.set(env, receiver);
  return receiver;
}

function makeReceiver(env: Env): Receiver {
  return createReceiver({
    auth: env.SECRET ? signedUrl({ secrets: [env.SECRET], url: ENDPOINT }) : "none",
    ...(!env.STORELESS && { store: d1Store(env.DB) }),
    limits: { leaseMs: LEASE_MS, maxBodyBytes: MAX_BODY_BYTES },
    ...(env.CLIENT && { client: clients[env.CLIENT](), poll: { afterMs: 1 } }),
    ...(env.CUT && { background: () => undefined }),
    async onSucceeded(job, { attempt }) {
      await env.DB.prepare("INSERT INTO runs (job_id) VALUES (?)").bind(job.job_id).all();
      const { work_ms: workMs } = job as { work_ms?: number };
      if (attempt === 1 && workMs) await new Promise((resolve) => setTimeout(resolve, workMs));
    },
  });
}

export const app = new Hono<{ Bindings: Env }>();
app.all(
  "/api/abstrakt-webhook",
  abstraktWebhook((c) => receiverFor(c.env as Env)),
);
app.get("/tick", async (c) => c.json(await receiverFor(c.env).tick()));
app.get("/submit", async (c) => c.json(await receiverFor(c.env).submit("model", {})));
app.get("/url", async (c) => c.text(await receiverFor(c.env).webhookUrl()));
app.onError((error, c) => c.json({ code: Reflect.get(error, "code"), error: error.message }, 500));
