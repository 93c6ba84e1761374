/**
 * Receive Abstrakt job results in Express, Connect or bare `node:http`.
 *
 * @module
 */

// The adapter
export { abstraktWebhook, type NodeHandler, type NodeResponse } from "./abstrakt-webhook.ts";

// Core's public face, so that one package is enough
export * from "@abstrakt-webhooks/core";
