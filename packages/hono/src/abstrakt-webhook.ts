import {
  toReceiver,
  type Receiver,
  type ReceiverOptions,
  type Runtime,
} from "@abstrakt-webhooks/core/adapter";
import type { Context, Env } from "hono";

/** A Hono handler that carries its receiver, for `drain`, `list` and the rest. */
export type HonoHandler = ((c: Context) => Promise<Response>) & { readonly receiver: Receiver };

/**
 * Mounts a receiver in Hono, on Node, Bun, Deno and Workers alike.
 *
 * Where bindings come with each request, give a function: it is called once per `c.env` object and
 * its receiver is remembered with it.
 *
 * @throws AbstraktWebhookError `invalid_options`.
 *
 * @example
 * ```ts
 * app.post("/api/abstrakt-webhook", abstraktWebhook({
 *   auth: "none",
 *   onSucceeded: async (job) => saveResult(job.job_id, job.output.items[0]?.url),
 * }));
 * ```
 */
export function abstraktWebhook<E extends Env>(
  receiverFor: (c: Context<E>) => Receiver,
): (c: Context<E>) => Promise<Response>;
export function abstraktWebhook(source: Receiver | ReceiverOptions): HonoHandler;
export function abstraktWebhook(
  source: Receiver | ReceiverOptions | ((c: Context) => Receiver),
): (c: Context) => Promise<Response> {
  if (typeof source === "function") {
    const receiverFor = oncePerEnv(source);
    return async (c) => receiverFor(c).fetch(await unread(c), runtimeOf(c));
  }
  const receiver = toReceiver(source);
  const handler = async (c: Context) => receiver.fetch(await unread(c), runtimeOf(c));
  return Object.assign(handler, { receiver });
}

function oncePerEnv(make: (c: Context) => Receiver): (c: Context) => Receiver {
  const made = new WeakMap<object, Receiver>();
  return (c) => {
    const receiver = made.get(c.env) ?? make(c);
    made.set(c.env, receiver);
    return receiver;
  };
}

/** The request; made anew from Hono's cache when a validator or `c.req.json()` has read it. */
async function unread(c: Context): Promise<Request> {
  const { raw, bodyCache } = c.req;
  if (!raw.bodyUsed || Object.keys(bodyCache).length === 0) return raw;
  return new Request(raw.url, {
    method: raw.method,
    headers: raw.headers,
    body: await c.req.arrayBuffer(),
  });
}

/** `c.executionCtx` throws where the host has none. */
function runtimeOf(c: Context): Runtime | undefined {
  try {
    return c.executionCtx;
  } catch {
    return undefined;
  }
}
