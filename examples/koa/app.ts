import { abstraktWebhook, type Receiver } from "@abstrakt-webhooks/express";
import { bodyParser } from "@koa/bodyparser";
import { Router } from "@koa/router";
import Koa from "koa";

/** The application: add your own middlewares after the parser. */
export function createApp(receiver: Receiver): Koa {
  const webhook = abstraktWebhook(receiver);
  const router = new Router();
  router.post("/api/abstrakt-webhook", async (ctx) => {
    ctx.respond = false; // the handler writes the answer
    await webhook(ctx.req, ctx.res);
  });

  const app = new Koa();
  app.use(router.routes()); // before the parser, which would read the body
  app.use(bodyParser());
  return app;
}
