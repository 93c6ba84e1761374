/**
 * Receive Abstrakt job results in Next.js route handlers.
 *
 * @module
 */

// The adapter
export { abstraktWebhook, type RouteHandler } from "./abstrakt-webhook.ts";

// Receivers for Next, which replace core's
export { createReceiver, sharedReceiver } from "./create-receiver.ts";
export { startOnBoot } from "./start-on-boot.ts";

// Core's public names, so that users need to import one package only
export * from "@abstrakt-webhooks/core";
