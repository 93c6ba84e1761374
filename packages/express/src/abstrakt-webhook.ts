import {
  nodeDelivery,
  toReceiver,
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

/** A request handler for Express, Connect and `http.createServer`. */
export interface NodeHandler {
  /**
   * Resolves when the answer is written, for hosts that wait for it, and never rejects. `onError`,
   * Express's `next`, is called only with what another middleware's `response` has thrown.
   */
  (request: NodeRequest, response: NodeResponse, onError?: (error: unknown) => void): Promise<void>;
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
  ): Promise<void> => {
    const delivery = nodeDelivery(request);
    return receiver.handle(delivery).then((ack) => {
      try {
        response.writeHead(ack.status, ack.headers);
        response.end(ack.body);
      } catch (error) {
        if (response.headersSent) {
          // Somebody else has answered.
        } else if (onError) onError(error);
        else request.destroy();
      }
      void ack.work?.();
      delivery.close();
    });
  };
  return Object.assign(handler, { receiver });
}
