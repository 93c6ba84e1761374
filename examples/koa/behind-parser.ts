import { abstraktWebhook, type Receiver } from "@abstrakt-webhooks/express";
import { bodyParser } from "@koa/bodyparser";
import { Router } from "@koa/router";
import Koa from "koa";

/** If the parser must come first, the handler uses the body that the parser has read. */
export function createAppBehindParser(receiver: Receiver): Koa {
  const webhook = abstraktWebhook(receiver);
  const router = new Router();
  router.post("/api/abstrakt-webhook", async (ctx) => {
    ctx.respond = false;
    const { body, rawBody } = ctx.request;
    await webhook(Object.assign(ctx.req, { body, rawBody }), ctx.res);
  });

  const app = new Koa();
  app.use(bodyParser());
  app.use(router.routes());
  return app;
}
