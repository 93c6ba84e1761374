import { abstraktWebhook, type Receiver } from "@abstrakt-webhooks/express";
import express, { type Express } from "express";

/** The application: add your own routes here. */
export function createApp(receiver: Receiver): Express {
  const app = express();
  app.post("/api/abstrakt-webhook", abstraktWebhook(receiver));
  return app;
}
