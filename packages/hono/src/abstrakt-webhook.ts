import {
  nodeDelivery,
  toReceiver,
  type NodeRequest,
  type Receiver,
  type ReceiverOptions,
  type Runtime,
} from "@abstrakt-webhooks/core/adapter";
import type { Context } from "hono";

type HonoFunction = (c: Context) => Promise<Response>;

/** A Hono handler that carries its receiver, for `drain`, `list` and the rest. */
export type HonoHandler = HonoFunction & { readonly receiver: Receiver };

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
export function abstraktWebhook(receiverFor: (c: Context) => Receiver): HonoFunction;
export function abstraktWebhook(source: Receiver | ReceiverOptions): HonoHandler;
export function abstraktWebhook(
  source: Receiver | ReceiverOptions | ((c: Context) => Receiver),
): HonoFunction {
  if (typeof source === "function") {
    const receiverFor = oncePerEnv(source);
    return (c) => receive(receiverFor(c), c);
  }
  const receiver = toReceiver(source);
  return Object.assign((c: Context) => receive(receiver, c), { receiver });
}

function oncePerEnv(make: (c: Context) => Receiver): (c: Context) => Receiver {
  const made = new WeakMap<object, Receiver>();
  return (c) => {
    const env: object = c.env ?? NO_ENV;
    const receiver = made.get(env) ?? make(c);
    made.set(env, receiver);
    return receiver;
  };
}

/** Stands for the environment of hosts that give none. */
const NO_ENV = {};

async function receive(receiver: Receiver, c: Context): Promise<Response> {
  const { raw, bodyCache } = c.req;
  if (raw.bodyUsed) {
    // Hono keeps what a validator or `c.req.json()` has read.
    const kept = Object.keys(bodyCache).length > 0;
    const request = kept ? new Request(raw, { body: await c.req.arrayBuffer() }) : raw;
    return receiver.fetch(request, runtimeOf(c));
  }
  const incoming = incomingOf(c);
  return incoming ? receiveOnNode(receiver, incoming) : receiver.fetch(raw, runtimeOf(c));
}

/** Reads from Node itself: a Web-standard stream over it would cost more than all the rest. */
async function receiveOnNode(receiver: Receiver, incoming: NodeRequest): Promise<Response> {
  const delivery = nodeDelivery(incoming);
  const { status, headers, body, work } = await receiver.handle(delivery);
  delivery.close();
  void work?.();
  return new Response(body, { status, headers });
}

/** Hono's Node server hands its own request along. */
const incomingOf = (c: Context): NodeRequest | undefined =>
  (c.env as { incoming?: NodeRequest } | undefined)?.incoming;

/** `c.executionCtx` throws where the host has none. */
function runtimeOf(c: Context): Runtime | undefined {
  try {
    return c.executionCtx;
  } catch {
    return undefined;
  }
}
