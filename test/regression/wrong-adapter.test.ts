import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import * as forExpress from "@abstrakt-webhooks/express";
import * as forHono from "@abstrakt-webhooks/hono";
import * as forNext from "@abstrakt-webhooks/next";
import express from "express";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { receiverThat } from "./support.ts";

type Handler = (...args: unknown[]) => unknown;

const { receiver } = receiverThat(() => undefined);
const onExpress = forExpress.abstraktWebhook(receiver) as unknown as Handler;
const onHono = forHono.abstraktWebhook(receiver) as unknown as Handler;
const onNext = forNext.abstraktWebhook(receiver) as unknown as Handler;

const web = () => new Request("http://localhost/", { method: "POST", body: "{}" });
const node = { headers: {}, on: () => undefined };

/** The error that a handler throws at once, not by a promise. */
function thrownBy(handler: Handler, ...args: unknown[]): unknown {
  try {
    handler(...args);
  } catch (thrown) {
    return thrown;
  }
  throw new Error("it threw nothing");
}

describe("a handler of the wrong package throws at once, and its error names the right package", () => {
  it.each([
    ["Next's on Express", onNext, node, "@abstrakt-webhooks/express"],
    ["Next's on Hono", onNext, { req: { raw: web() } }, "@abstrakt-webhooks/hono"],
    ["Hono's on Express", onHono, node, "@abstrakt-webhooks/express"],
    ["Hono's on a web Request", onHono, web(), "@abstrakt-webhooks/next"],
    ["Express's on a web Request", onExpress, web(), "@abstrakt-webhooks/next"],
    ["Express's on Hono", onExpress, { req: { raw: web() } }, "@abstrakt-webhooks/hono"],
    ["Express's on Koa", onExpress, { req: node }, "@abstrakt-webhooks/express"],
    ["Express's on Fastify", onExpress, { raw: node, headers: {} }, "@abstrakt-webhooks/express"],
    ["Express's on h3 1", onExpress, { node: { req: node } }, "@abstrakt-webhooks/express"],
    ["Express's on h3 2", onExpress, { req: web() }, "receiver.fetch"],
    ["Next's on Astro", onNext, { request: web() }, "receiver.fetch"],
    ["Next's without a request", onNext, undefined, "receiver.fetch"],
  ])("%s", (_, handler, got, name) => {
    expect(thrownBy(handler, got, () => undefined)).toMatchObject({
      code: "invalid_options",
      message: expect.stringContaining(name),
    });
  });

  it("also when it is called by Express and Hono", async () => {
    const errors: unknown[] = [];
    const app = express().post("/", (...args) => void onNext(...args));
    app.use((error: unknown, _request: unknown, response: express.Response, _next: unknown) => {
      errors.push(error);
      response.status(500).end();
    });
    const server = createServer(app).listen(0, "127.0.0.1");
    await once(server, "listening");
    await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { method: "POST" });
    server.close();
    const hono = new Hono().post("/", (c) => onExpress(c, () => undefined) as Response);
    hono.onError((error, c) => (errors.push(error), c.text("", 500)));
    await hono.request("/", { method: "POST" });
    expect(errors.map((error) => /@abstrakt-webhooks\/\w+/.exec(String(error))?.[0])).toEqual([
      "@abstrakt-webhooks/express",
      "@abstrakt-webhooks/hono",
    ]);
  });
});
