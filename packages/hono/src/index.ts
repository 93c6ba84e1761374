/**
 * Receive Abstrakt job results in Hono.
 *
 * @module
 */

// The adapter
export { abstraktWebhook, type HonoHandler } from "./abstrakt-webhook.ts";

// Core's public face, so that one package is enough
export * from "@abstrakt-webhooks/core";
