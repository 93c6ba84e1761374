import { abstraktWebhook } from "@abstrakt-webhooks/hono";
import {
  createSubject,
  runAdapterSuite,
  runStoreSuite,
  type BootAdapter,
  type TestApi,
} from "@abstrakt-webhooks/testing";
import { Hono } from "hono";
import { bootMemory } from "../stores/boot-memory.ts";

type Fetch = (request: Request) => Promise<Response>;

/** A runtime's own Web-standard server, listening on a free port of 127.0.0.1. */
export type Serve = (fetch: Fetch) => Promise<{ port: number; close(): Promise<void> }>;

/** The suites that need no server and no disk. */
export function registerCommon(api: TestApi): void {
  api.describe("receiver.fetch", () => {
    runAdapterSuite(api, (setup) => {
      const { receiver, controls } = createSubject(setup);
      return { ...controls, fetch: (request) => receiver.fetch(request) };
    });
  });
  api.describe("Hono", () => {
    runAdapterSuite(api, (setup) => {
      const { receiver, controls } = createSubject(setup);
      const app = new Hono().all("/api/abstrakt-webhook", abstraktWebhook(receiver));
      return { ...controls, fetch: (request) => app.fetch(request) };
    });
  });
  api.describe("memory store", () => runStoreSuite(api, bootMemory, { bounded: true }));
}

/** Boots endpoints on the runtime's own server, which is reached over TCP. */
export function bootServed(serve: Serve): BootAdapter {
  return async (setup) => {
    const { receiver, controls } = createSubject(setup);
    const { port, close } = await serve((request) => receiver.fetch(request));
    return { ...controls, url: `http://127.0.0.1:${port}/api/abstrakt-webhook`, close };
  };
}
