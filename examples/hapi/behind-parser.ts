import { abstraktWebhook, type Receiver } from "@abstrakt-webhooks/express";
import type { Server } from "@hapi/hapi";

/** The same where Hapi has to read the body first: the handler takes the bytes that it has read. */
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
