import { abstraktWebhook, type Receiver } from "@abstrakt-webhooks/express";
import { server as createServer, type Server, type ServerOptions } from "@hapi/hapi";

/** The application: add your own routes here. */
export function createApp(receiver: Receiver, options?: ServerOptions): Server {
  const webhook = abstraktWebhook(receiver);
  const server = createServer(options);
  server.route({
    method: "POST",
    path: "/api/abstrakt-webhook",
    // The body stays an unread stream, and the server's auth strategy does not apply.
    options: { auth: false, payload: { parse: false, output: "stream" } },
    handler: async ({ raw }, h) => {
      await webhook(raw.req, raw.res);
      return h.abandon; // the answer is written
    },
  });
  return server;
}
