import {
  toReceiver,
  type HttpDelivery,
  type Receiver,
  type ReceiverOptions,
} from "@abstrakt-webhooks/core/adapter";
import { readBody } from "./body.ts";
import type { NodeRequest, NodeResponse } from "./node-http.ts";

/** How long a sender may go on with a body that is answered already. */
const LINGER_MS = 1_000;

/** A request handler for Express, Connect and `http.createServer`. */
export interface NodeHandler {
  /** `onError`, Express's `next`, is called only with what another middleware's `response` has thrown. */
  (request: NodeRequest, response: NodeResponse, onError?: (error: unknown) => void): void;
  /** The receiver behind it, for `drain`, `list` and the rest. */
  readonly receiver: Receiver;
}

/**
 * Mounts a receiver in Express 4 or 5, Connect or bare `node:http`. It reads the body itself, so
 * no parser is needed; one mounted earlier does no harm.
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
export function abstraktWebhook(source: Receiver | ReceiverOptions): NodeHandler {
  const receiver = toReceiver(source);
  const handler = (
    request: NodeRequest,
    response: NodeResponse,
    onError?: (error: unknown) => void,
  ): void => {
    void receiver.handle(toDelivery(request)).then((ack) => {
      try {
        if (!response.headersSent) {
          response.writeHead(ack.status, ack.headers);
          response.end(ack.body);
        }
      } catch (error) {
        if (onError) onError(error);
        else request.destroy();
      }
      void ack.work?.();
      if (!request.complete) linger(request);
    });
  };
  return Object.assign(handler, { receiver });
}

const toDelivery = (request: NodeRequest): HttpDelivery => ({
  method: request.method ?? "",
  url: request.originalUrl ?? request.url ?? "",
  header: (name) => {
    const value = request.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(", ") : value;
  },
  body: (maxBytes) => readBody(request, maxBytes),
});

/** Node drains a body that nobody read; one that does not end takes its connection with it. */
function linger(request: NodeRequest): void {
  const timer: unknown = setTimeout(() => {
    if (!request.complete) request.destroy();
  }, LINGER_MS);
  (timer as { unref?(): void }).unref?.();
}
