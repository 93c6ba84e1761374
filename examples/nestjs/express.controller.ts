import { abstraktWebhook, type NodeHandler, type Receiver } from "@abstrakt-webhooks/express";
import { Controller, Inject, Post, Req, Res } from "@nestjs/common";
import type { Request, Response } from "express";
import { Public } from "./public.ts";
import { RECEIVER } from "./receiver.ts";

/** Mounts the receiver as a route instead of a middleware, on Express. */
@Controller("abstrakt-webhook")
export class WebhookController {
  readonly #webhook: NodeHandler;

  constructor(@Inject(RECEIVER) receiver: Receiver) {
    this.#webhook = abstraktWebhook(receiver);
  }

  @Public()
  @Post()
  async receive(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.#webhook(request, response);
  }
}
