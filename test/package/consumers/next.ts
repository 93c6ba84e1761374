import { abstraktWebhook, createReceiver, type RouteHandler } from "@abstrakt-webhooks/next";

const receiver = createReceiver({ auth: "none" });
export const POST: RouteHandler = abstraktWebhook(receiver);
