/**
 * Receive Abstrakt job results in Next.js route handlers.
 *
 * @module
 */

// The adapter
export { abstraktWebhook, type RouteHandler } from "./abstrakt-webhook.ts";

// Core's public face, so that one package is enough
export * from "@abstrakt-webhooks/core";
