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

/** A route handler that carries its receiver, for `drain`, `tick` and the rest. */
export type RouteHandler = ((request: Request) => Promise<Response>) & {
  readonly receiver: Receiver;
};

/**
 * Mounts a receiver as a Next.js route handler. Callbacks run within `after`, so the host stays
 * awake for them as long as the route's `maxDuration` allows.
 *
 * @throws AbstraktWebhookError `invalid_options`; the handler too, where it gets no web `Request`.
 *
 * @example
 * ```ts
 * // app/api/abstrakt-webhook/route.ts
 * export const POST = abstraktWebhook(receiver);
 * ```
 */
export function abstraktWebhook(receiver: Receiver): RouteHandler;
// Last, so that the compiler speaks of options when one is misspelt.
export function abstraktWebhook(options: ReceiverOptions): RouteHandler;
export function abstraktWebhook(source: Receiver | ReceiverOptions): RouteHandler {
  const receiver = toReceiver(source, abstraktWebhook, createReceiver);
  const handler = (request: Request) => {
    if (!isWebRequest(request)) throw wrongAdapter("a web Request", request);
    return receiver.fetch(request, runtime);
  };
  return Object.assign(handler, { receiver });
}

/** Next before 15.1 has no `after`: core then looks for what the host itself offers. */
const runtime: Runtime = "after" in server ? { waitUntil } : {};

function waitUntil(work: Promise<unknown>): void {
  try {
    server.after(work);
  } catch {
    // Outside a request scope, as in a test, there is nobody to keep awake; the work runs anyway.
  }
}
