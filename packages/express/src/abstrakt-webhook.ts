import {
  nodeDelivery,
  toReceiver,
  wrongAdapter,
  type NodeRequest,
  type Receiver,
  type ReceiverOptions,
} from "@abstrakt-webhooks/core/adapter";

/** The part of `http.ServerResponse` that the adapter uses. */
export interface NodeResponse {
  readonly headersSent: boolean;
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(body: string): unknown;
}

/**
 * Answers a request. Resolves when the answer is written, for hosts that wait for it, and never
 * rejects. `onError`, Express's `next`, gets only what another middleware's `response` throws.
 */
type NodeFunction = (
  request: NodeRequest,
  response: NodeResponse,
  onError?: (error: unknown) => void,
) => Promise<void>;

/** A request handler for Express, Connect and `http.createServer`, with its receiver. */
export type NodeHandler = NodeFunction & { readonly receiver: Receiver };

/**
 * Mounts a receiver in Express 4 or 5, Connect or bare `node:http`. It reads the body itself, so no
 * parser is needed. It takes what a parser mounted earlier has left; what that parser refuses, for
 * one by a limit of its own, does not get here.
 *
 * @throws AbstraktWebhookError `invalid_options`; the handler too, where it gets no Node response.
 *
 * @example
 * ```ts
 * app.post("/api/abstrakt-webhook", abstraktWebhook({
 *   auth: "none",
 *   onSucceeded: async (job) => saveResult(job.job_id, job.output.items[0]?.url),
 * }));
 * ```
 */
export function abstraktWebhook(receiver: Receiver): NodeHandler;
// Last, so that the compiler speaks of options when one is misspelt.
export function abstraktWebhook(options: ReceiverOptions): NodeHandler;
export function abstraktWebhook(source: Receiver | ReceiverOptions): NodeHandler {
  const receiver = toReceiver(source, abstraktWebhook);
  const handler: NodeFunction = (request, response, onError) => {
    if (typeof response?.writeHead !== "function") {
      throw wrongAdapter("a Node request and response", request);
    }
    const delivery = nodeDelivery(request);
    return receiver.handle(delivery).then(({ status, headers, body, work }) => {
      try {
        response.writeHead(status, headers);
        response.end(body);
      } catch (error) {
        // Where the head is sent, another middleware has answered.
        if (!response.headersSent) fail(request, error, onError);
      }
      void work?.();
      delivery.close();
    });
  };
  return Object.assign(handler, { receiver });
}

function fail(request: NodeRequest, error: unknown, onError?: (error: unknown) => void): void {
  try {
    if (onError) onError(error);
    else request.destroy();
  } catch {
    request.destroy();
  }
}
