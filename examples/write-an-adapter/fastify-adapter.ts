import { nodeDelivery, toReceiver } from "@abstrakt-webhooks/core/adapter";
import type { Receiver, ReceiverOptions } from "@abstrakt-webhooks/core/adapter";
import type { FastifyPluginAsync } from "fastify";

/**
 * Mounts a receiver in Fastify.
 *
 * @throws AbstraktWebhookError `invalid_options`.
 *
 * @example
 * ```ts
 * await app.register(abstraktWebhook({ auth: "none", onSucceeded }), {
 *   prefix: "/api/abstrakt-webhook",
 * });
 * ```
 */
export function abstraktWebhook(source: Receiver | ReceiverOptions): FastifyPluginAsync {
  const receiver = toReceiver(source);
  return async (app) => {
    // Fastify must not read the body, because the receiver limits its size and its time.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", (_request, _body, done) => done(null));
    // Fastify answers 415 to a malformed content type. The receiver does not use the header.
    app.addHook("onRequest", (request, _reply, done) => {
      request.headers["content-type"] = "application/octet-stream";
      done();
    });

    app.all("/", async (request, reply) => {
      const delivery = nodeDelivery(request.raw);
      const ack = await receiver.handle(delivery);
      reply.code(ack.status).headers(ack.headers).send(ack.body);
      // The callback runs after the answer. `work` never rejects.
      void ack.work?.();
      delivery.close();
      return reply;
    });
  };
}
