import { abstraktWebhook, type Receiver } from "@abstrakt-webhooks/express";
import { createApp, createRouter, defineEventHandler, type App } from "h3-1"; // in an app from "h3"

/** h3 1, and so Nitro 2 and Nuxt 3: `event.node` has Node's request and response. */
export function createH3App(receiver: Receiver): App {
  const webhook = abstraktWebhook(receiver);
  const handler = defineEventHandler(({ node }) => webhook(node.req, node.res));
  return createApp().use(createRouter().post("/api/abstrakt-webhook", handler));
}
