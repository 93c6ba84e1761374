import { abstraktWebhook, type Receiver } from "@abstrakt-webhooks/express";
import fastify, { type FastifyInstance } from "fastify";

/** The application: add your own routes here. They keep Fastify's parsers. */
export function createApp(receiver: Receiver): FastifyInstance {
  const app = fastify();
  app.register(async (scope) => {
    const handler = abstraktWebhook(receiver);
    // In this scope, no parser reads the body, because the handler reads it.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, _body, done) => done(null));
    scope.post("/api/abstrakt-webhook", async (request, reply) => {
      reply.hijack(); // the handler writes the answer
      await handler(request.raw, reply.raw);
    });
  });
  return app;
}
