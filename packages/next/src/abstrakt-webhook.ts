import {
  isWebRequest,
  toReceiver,
  wrongAdapter,
  type Receiver,
  type ReceiverOptions,
  type Runtime,
} from "@abstrakt-webhooks/core/adapter";
import * as server from "next/server.js";
import { createReceiver } from "./create-receiver.ts";

/** A route handler. It has its receiver as a property, for example for `drain` and `tick`. */
export type RouteHandler = ((request: Request) => Promise<Response>) & {
  readonly receiver: Receiver;
};

/**
 * Mounts a receiver as a Next.js route handler. Callbacks run within `after`, so the host waits for
 * them, but no longer than the route's `maxDuration`.
 *
 * @throws AbstraktWebhookError `invalid_options`, also by the handler if it gets no web `Request`.
 *
 * @example
 * ```ts
 * // app/api/abstrakt-webhook/route.ts
 * export const POST = abstraktWebhook(receiver);
 * ```
 */
export function abstraktWebhook(receiver: Receiver): RouteHandler;
// This overload is last, so that the compiler's error about a misspelt option names the options.
export function abstraktWebhook(options: ReceiverOptions): RouteHandler;
export function abstraktWebhook(source: Receiver | ReceiverOptions): RouteHandler {
  const receiver = toReceiver(source, abstraktWebhook, createReceiver);
  const handler = (request: Request) => {
    if (!isWebRequest(request)) throw wrongAdapter("a web Request", request);
    return receiver.fetch(request, runtime);
  };
  return Object.assign(handler, { receiver });
}

/** Next before 15.1 has no `after`. Core then uses the host's own `waitUntil`. */
const runtime: Runtime = "after" in server ? { waitUntil } : {};

/** Returns false where core must use the host's own `waitUntil`. */
function waitUntil(work: Promise<unknown>): boolean {
  try {
    server.after(work);
    return true;
  } catch {
    // `after` throws outside a request scope: in an edge function of the Pages Router, or in a test.
    return false;
  }
}
