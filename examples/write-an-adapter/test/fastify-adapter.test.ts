import { createSubject, runAdapterSuite } from "@abstrakt-webhooks/testing";
import { fastify } from "fastify";
import { describe, it } from "vitest";
import { createBoundedFetch } from "../../../test/adapters/bounded-fetch.ts";
import { abstraktWebhook } from "../fastify-adapter.ts";

const MAX_SOCKETS = 64;
const PATH = "/api/abstrakt-webhook";

describe("Fastify adapter", () => {
  runAdapterSuite({ describe, it, skip: it.skip }, async (setup) => {
    const { receiver, controls } = createSubject(setup);
    const app = fastify({ forceCloseConnections: true });
    await app.register(abstraktWebhook(receiver), { prefix: PATH });
    const origin = await app.listen({ host: "127.0.0.1", port: 0 });
    return {
      ...controls,
      url: origin + PATH,
      fetch: createBoundedFetch(MAX_SOCKETS),
      close: () => app.close(),
    };
  });
});
