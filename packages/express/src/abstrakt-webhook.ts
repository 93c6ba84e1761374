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
 * Answers a request. The promise resolves when the answer is written, and never rejects. `onError`
 * is Express's `next`. The handler calls it only when `response` throws and nobody else has answered,
 * for example because another middleware has replaced a method of `response`.
 */
type NodeFunction = (
  request: NodeRequest,
  response: NodeResponse,
  onError?: (error: unknown) => void,
) => Promise<void>;

/** A request handler for Express, Connect and `http.createServer`, with its receiver. */
export type NodeHandler = NodeFunction & { readonly receiver: Receiver };

/**
 * Mounts a receiver in Express 4 or 5, Connect or bare `node:http`. The handler reads the body
 * itself, so it needs no parser. If a parser is mounted before it, the handler uses the body that
 * the parser has read. If that parser refuses a request, for example because of its own size limit,
 * the request does not reach the handler.
 *
 * @throws AbstraktWebhookError `invalid_options`, also by the handler if it gets no Node response.
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
// This overload is last, so that the compiler's error about a misspelt option names the options.
export function abstraktWebhook(options: ReceiverOptions): NodeHandler;
export function abstraktWebhook(source: Receiver | ReceiverOptions): NodeHandler {
  const receiver = toReceiver(source, abstraktWebhook);
  const handler: NodeFunction = (request, response, onError) => {
    if (typeof response?.writeHead !== "function") {
      throw wrongAdapter("a Node request and response", request);
    }
    const delivery = nodeDelivery(request);
    return receiver.handle(delivery).then(({ status, headers, body, work }) => {
      let isOurs = false;
      try {
        response.writeHead(status, headers);
        isOurs = true;
        response.end(body);
      } catch (error) {
        // If the head was already sent, another middleware has answered.
        if (isOurs || !response.headersSent) fail(request, error, onError);
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
