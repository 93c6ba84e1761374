// A plugin of its own, so that the rest of the app keeps its parsers
import { abstraktWebhook } from "@abstrakt-webhooks/express";
import type { FastifyInstance } from "fastify";
import { receiver } from "./receiver.ts";

export async function webhook(app: FastifyInstance): Promise<void> {
  const handler = abstraktWebhook(receiver);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _body, done) => done(null)); // left to the receiver
  app.post("/api/abstrakt-webhook", (request, reply) => {
    reply.hijack();
    handler(request.raw, reply.raw);
  });
}
