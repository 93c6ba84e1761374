import { abstraktWebhook, type Receiver } from "@abstrakt-webhooks/express";
import type { Server } from "@hapi/hapi";

/** If Hapi must read the body first, the handler uses the bytes that Hapi has read. */
export function mountBehindParser(server: Server, receiver: Receiver): void {
  const webhook = abstraktWebhook(receiver);
  server.route({
    method: "POST",
    path: "/api/abstrakt-webhook",
    options: { auth: false, payload: { parse: false, output: "data", maxBytes: 262_144 } },
    handler: async ({ payload, raw }, h) => {
      await webhook(Object.assign(raw.req, { body: payload }), raw.res);
      return h.abandon;
    },
  });
}
