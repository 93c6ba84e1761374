/**
 * The server's process: an Express application as a user writes it. Its store records its calls and
 * can kill the process at a given point. It sends its port to its parent, and ends with it.
 *
 * @module
 */
import type { AddressInfo } from "node:net";
import { abstraktWebhook, createReceiver } from "@abstrakt-webhooks/express";
import express from "express";
import { openStore } from "../backends/open-store.ts";
import { openHistory } from "../history/history.ts";
import { plantedFaults, type PlantedFault } from "../planted-faults/planted-faults.ts";
import { createCallback } from "./callback.ts";
import { putClockForward } from "./clock.ts";
import { createReach, withFailpoints } from "./fail-at.ts";
import { recorded } from "./record.ts";
import type { ServerConfig } from "./server-config.ts";

const config = JSON.parse(process.env["FAULTS"] ?? "") as ServerConfig;
const { by, leaseMs, storeTimeoutMs, maxAttempts, drainMs, aheadMs = 0, quick = false } = config;
const plantedFault: PlantedFault =
  config.plantedFault === undefined ? {} : (plantedFaults[config.plantedFault] ?? {});
if (aheadMs > 0) putClockForward(aheadMs);

const note = openHistory(config.history, by);
const reach = createReach(config.failpoint);
const store = await openStore(config.store);
const callback = createCallback(note, reach, quick);
const made = createReceiver({
  auth: "none",
  store: withFailpoints(recorded(plantedFault.store?.(store) ?? store, note), reach),
  onSucceeded: callback,
  onEvent: () => undefined,
  retry: { maxAttempts, minDelayMs: 10, maxDelayMs: 50 },
  limits: { leaseMs, storeTimeoutMs },
});
const receiver = { ...made, ...plantedFault.receiver };
receiver.start();

const app = express();
app.use((_, response, next) => {
  response.once("finish", () => reach("after ack"));
  next();
});
app.post("/", abstraktWebhook(receiver));
const server = app.listen(0, "127.0.0.1", () => {
  process.send?.((server.address() as AddressInfo).port);
});

// The server keeps listening while it drains, because its balancer has not noticed yet, and its
// answers ask for another connection. Closing at once would reset connections that look idle.
process.once("SIGTERM", () => {
  void receiver.drain({ timeoutMs: drainMs }).then(() => process.exit());
});
process.once("disconnect", () => process.exit());
