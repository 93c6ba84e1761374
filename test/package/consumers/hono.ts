import { Hono } from "hono";
import { abstraktWebhook, createReceiver, memoryStore } from "@abstrakt-webhooks/hono";

// Not an interface, because before 4.1 Hono requires an index signature.
type Bindings = { MAX_LIVE: number };

const app = new Hono<{ Bindings: Bindings }>();
app.post("/options", abstraktWebhook({ auth: "none" }));
app.post("/receiver", abstraktWebhook(createReceiver({ auth: "none" })));
app.post(
  "/bindings",
  abstraktWebhook((c) =>
    createReceiver({ auth: "none", store: memoryStore({ maxLive: c.env.MAX_LIVE }) }),
  ),
);
