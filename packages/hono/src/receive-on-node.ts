import { nodeDelivery, type NodeRequest, type Receiver } from "@abstrakt-webhooks/core/adapter";

/**
 * Reads from Node itself, where Hono's Node server hands its own request along: a Web-standard
 * stream over it would cost more than all the rest. Elsewhere undefined.
 */
export function receiveOnNode(receiver: Receiver, env: unknown): Promise<Response> | undefined {
  const { incoming } = (env ?? {}) as { incoming?: NodeRequest };
  if (incoming === undefined) return undefined;
  const delivery = nodeDelivery(incoming);
  return receiver.handle(delivery).then(({ status, headers, body, work }) => {
    delivery.close();
    void work?.();
    return new Response(body, { status, headers });
  });
}
