import { abstraktWebhook, type NodeHandler, type Receiver } from "@abstrakt-webhooks/express";
import { Controller, Inject, Post, Req, Res, type RawBodyRequest } from "@nestjs/common";
import type { FastifyReply, FastifyRequest } from "fastify";
import { Public } from "./public.ts";
import { RECEIVER } from "./receiver.ts";

/** Mounts the receiver as a route instead of a middleware, on Fastify. */
@Controller("abstrakt-webhook")
export class WebhookController {
  readonly #webhook: NodeHandler;

  constructor(@Inject(RECEIVER) receiver: Receiver) {
    this.#webhook = abstraktWebhook(receiver);
  }

  @Public()
  @Post()
  async receive(
    @Req() request: RawBodyRequest<FastifyRequest>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    reply.hijack(); // the handler writes the answer
    const { body, rawBody, raw } = request; // Fastify has read the body; the handler uses it
    await this.#webhook(Object.assign(raw, { body, rawBody }), reply.raw);
  }
}
