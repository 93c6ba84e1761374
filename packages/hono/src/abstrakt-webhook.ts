import {
  toReceiver,
  webHeaders,
  wrongAdapter,
  type Receiver,
  type ReceiverOptions,
  type Runtime,
} from "@abstrakt-webhooks/core/adapter";
import type { Context } from "hono";
import { honoDelivery } from "./hono-delivery.ts";
import { oncePerEnv } from "./once-per-env.ts";

type HonoFunction = (c: Context) => Promise<Response>;

/** A Hono handler. It has its receiver as a property, for example for `drain` and `list`. */
export type HonoHandler = HonoFunction & { readonly receiver: Receiver };

/**
 * Mounts a receiver in Hono on Node, Bun, Deno or Workers.
 *
 * On Workers, where bindings come with each request, you can give a function that makes the
 * receiver. The handler calls the function once for each `c.env` object, and reuses the receiver
 * after that. On Node, Deno and Lambda `c.env` is a new object for every request, so give a receiver
 * there. If the function returns a second receiver there, the console says so once.
 *
 * @throws AbstraktWebhookError `invalid_options`, also by the handler if it gets no Hono context.
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
export function abstraktWebhook(receiver: Receiver): HonoHandler;
// This overload is last, so that the compiler's error about a misspelt option names the options.
export function abstraktWebhook(options: ReceiverOptions): HonoHandler;
export function abstraktWebhook(
  source: Receiver | ReceiverOptions | ((c: Context) => Receiver),
): HonoFunction {
  if (typeof source === "function" && !("receiver" in source)) {
    const receiverFor = oncePerEnv(source);
    return (c) => receive(receiverFor(c), c);
  }
  const receiver = toReceiver(source as Receiver | ReceiverOptions, abstraktWebhook);
  return Object.assign((c: Context) => receive(receiver, c), { receiver });
}

function receive(receiver: Receiver, c: Context): Promise<Response> {
  if (c?.req?.raw === undefined) throw wrongAdapter("a Hono context", c);
  const delivery = honoDelivery(c);
  return receiver.handle(delivery, runtimeOf(c)).then((ack) => {
    void ack.work?.();
    delivery.close();
    // Hono's own method adds the headers that a middleware has set.
    return c.body(ack.body, ack.status as 200, webHeaders(ack));
  });
}

/** `c.executionCtx` throws if the host has none. Node never has one, and throwing is slow. */
function runtimeOf(c: Context): Runtime | undefined {
  if (isOnNode(c)) return undefined;
  try {
    return c.executionCtx;
  } catch {
    return undefined;
  }
}

const isOnNode = ({ env }: Context): boolean =>
  typeof env === "object" && env !== null && "incoming" in env;
