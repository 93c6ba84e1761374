/**
 * Receive Abstrakt job results in Hono.
 *
 * @module
 */

// The adapter
export { abstraktWebhook, type HonoHandler } from "./abstrakt-webhook.ts";

// Core's public names, so that users need to import one package only
export * from "@abstrakt-webhooks/core";
