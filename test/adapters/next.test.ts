import { abstraktWebhook } from "@abstrakt-webhooks/next";
import { createSubject, runAdapterSuite } from "@abstrakt-webhooks/testing";
import { describe, it } from "vitest";

describe("Next's handler in process", () => {
  runAdapterSuite({ describe, it, skip: it.skip }, (setup) => {
    const { receiver, controls } = createSubject(setup);
    return { ...controls, fetch: abstraktWebhook(receiver) };
  });
});
