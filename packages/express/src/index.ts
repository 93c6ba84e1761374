/**
 * Receive Abstrakt job results in Express, Connect or bare `node:http`.
 *
 * @module
 */

// The adapter
export { abstraktWebhook, type NodeHandler, type NodeResponse } from "./abstrakt-webhook.ts";

// Core's public names, so that users need to import one package only
export * from "@abstrakt-webhooks/core";
