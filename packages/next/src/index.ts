/**
 * Receive Abstrakt job results in Next.js route handlers.
 *
 * @module
 */

// The adapter
export { abstraktWebhook, type RouteHandler } from "./abstrakt-webhook.ts";

// Receivers for Next, in the place of core's
export { createReceiver, sharedReceiver } from "./create-receiver.ts";
export { startOnBoot } from "./start-on-boot.ts";

// Core's public face, so that one package is enough
export * from "@abstrakt-webhooks/core";
