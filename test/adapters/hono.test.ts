import { abstraktWebhook } from "@abstrakt-webhooks/hono";
import { createSubject, runAdapterSuite } from "@abstrakt-webhooks/testing";
import { Hono } from "hono";
import { describe, it } from "vitest";

describe("Hono in process", () => {
  runAdapterSuite({ describe, it, skip: it.skip }, (setup) => {
    const { receiver, controls } = createSubject(setup);
    const app = new Hono().all("/api/abstrakt-webhook", abstraktWebhook(receiver));
    return { ...controls, fetch: (request) => app.fetch(request) };
  });
});
