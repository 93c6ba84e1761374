import { receiveOnNode } from "#receive-on-node";
import {
  toReceiver,
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

function receive(receiver: Receiver, c: Context): Promise<Response> {
  const { raw } = c.req;
  if (raw.bodyUsed) return receiveKept(receiver, c);
  return receiveOnNode(receiver, c.env) ?? receiver.fetch(raw, runtimeOf(c));
}

async function receiveKept(receiver: Receiver, c: Context): Promise<Response> {
  const { raw, bodyCache } = c.req;
  const body = await keptBody(bodyCache);
  return receiver.fetch(body === undefined ? raw : new Request(raw, { body }), runtimeOf(c));
}

/** `c.req.bodyCache`: promises, also where Hono's own type says values. */
interface KeptBody {
  readonly text?: string | Promise<string>;
  readonly arrayBuffer?: ArrayBuffer | Promise<ArrayBuffer>;
  readonly blob?: Blob | Promise<Blob>;
  readonly json?: unknown;
}

/** What a validator or `c.req.json()` has read, as it was kept; Hono before 4.9 keeps JSON as a value. */
async function keptBody(kept: KeptBody): Promise<BodyInit | undefined> {
  try {
    const bytes = (await kept.text) ?? (await kept.arrayBuffer) ?? (await kept.blob);
    return bytes ?? ("json" in kept ? JSON.stringify(await kept.json) : undefined);
  } catch {
    return undefined;
  }
}

/** `c.executionCtx` throws where the host has none. */
function runtimeOf(c: Context): Runtime | undefined {
  try {
    return c.executionCtx;
  } catch {
    return undefined;
  }
}
