import {
  abstraktWebhook,
  createReceiver,
  type Receiver,
  type ReceiverOptions,
} from "@abstrakt-webhooks/express";
import { withOpenTelemetry } from "@abstrakt-webhooks/otel";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import express, { type Express } from "express";

/** An app that serves its metrics at `/metrics`. */
export function createApp(options: ReceiverOptions): { app: Express; receiver: Receiver } {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const meter = new MeterProvider({ readers: [exporter] }).getMeter("webhooks");
  const receiver = createReceiver(withOpenTelemetry(options, { meter }));
  const app = express();
  app.post("/api/abstrakt-webhook", abstraktWebhook(receiver));
  // Anybody who can reach this route can read the metrics. Keep it inside your network.
  app.get("/metrics", (req, res) => exporter.getMetricsRequestHandler(req, res));
  return { app, receiver };
}
