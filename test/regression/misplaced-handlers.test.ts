import {
  createReceiver,
  memoryStore,
  sharedReceiver,
  signedUrl,
  type Admission,
  type Auth,
  type ReceiverOptions,
} from "@abstrakt-webhooks/core";
import * as forExpress from "@abstrakt-webhooks/express";
import * as forHono from "@abstrakt-webhooks/hono";
import * as forNext from "@abstrakt-webhooks/next";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";

const url = "https://app.test/hook";
const auth = signedUrl({ secrets: ["a secret of 32 characters or more"], url });
const node = { headers: {}, on: () => undefined, _events: {} };
const web = () => new Request(url, { method: "POST", body: "{}" });
const none = { auth: "none", store: memoryStore() } as const;

describe("a handler in the wrong place", () => {
  it.each<[string, (got: never) => unknown, unknown, string]>([
    ["Express", forExpress.abstraktWebhook, node, "got a Node request. Call"],
    ["Hono", forHono.abstraktWebhook, { env: {}, req: { raw: web() } }, "got a Hono context. Call"],
    ["Next", forNext.abstraktWebhook, web(), "got a web Request. Call"],
  ])("%s calls `abstraktWebhook` itself", (_, handler, got, advice) => {
    expect(() => handler(got as never)).toThrow(advice);
    expect(() => handler(got as never)).toThrow("`abstraktWebhook(receiver)`");
  });

  it.each<[string, () => unknown, string]>([
    [
      "options",
      () => createReceiver(Promise.resolve(none) as never),
      "got a promise. Put `await` before it.",
    ],
    [
      "a receiver",
      () => forExpress.abstraktWebhook(Promise.resolve(createReceiver(none)) as never),
      "got a promise. Put `await` before it.",
    ],
    [
      "the options of a shared receiver",
      () => sharedReceiver("promised", {}, (async () => none) as never),
      "Expected `make` to return receiver options, got a promise. It must not be async",
    ],
  ])("a promise of %s is refused as one", (_, call, advice) => {
    expect(call).toThrow(advice);
    expect(call).not.toThrow("`auth`");
  });

  it.each<[string, () => unknown, string]>([
    ["options", () => none, "got object. Return what `createReceiver(options)` makes."],
    ["a handler", () => forHono.abstraktWebhook(none), "got function. Return what"],
    ["a promise", async () => createReceiver(none), "got a promise. It must not be async"],
  ])("Hono's function returns %s", async (_, make, advice) => {
    const errors: unknown[] = [];
    const app = new Hono().post("/hook", forHono.abstraktWebhook(make as never));
    app.onError((error, c) => (errors.push(error), c.text("", 500)));
    for (let sent = 0; sent < 2; sent += 1) await app.request("/hook", { method: "POST" }, {});
    expect(errors).toHaveLength(2);
    expect(String(errors[0])).toContain(advice);
  });

  it.each<[string, unknown, string]>([
    ["a Node request", { ...node, method: "POST", url: "/hook" }, "@abstrakt-webhooks/express"],
    ["a parsed Node request", { ...node, method: "POST", body: {} }, "@abstrakt-webhooks/express"],
    ["a Hono context", { req: { raw: web() } }, "@abstrakt-webhooks/hono"],
    ["an event that holds a Request", { request: web() }, "the web Request of that object"],
    ["nothing", undefined, "Call receiver.fetch(request)"],
  ])("`receiver.fetch` with %s says so", async (_, got, advice) => {
    const messages: unknown[] = [];
    const onEvent: ReceiverOptions["onEvent"] = (event) => {
      if (event.type === "refused") messages.push(event.error?.message);
    };
    const byHeader: Auth = {
      admit: (head) => ({ ...(head.header("x") === "y" && { refused: "other" }) }) as Admission,
    };
    for (const one of ["none", byHeader, auth] as const) {
      const receiver = createReceiver({ auth: one, store: memoryStore(), onEvent });
      expect((await receiver.fetch(got as never)).status).toBe(500);
    }
    expect(messages).toHaveLength(3);
    for (const message of messages) {
      expect(message).toContain("Expected `receiver.fetch` to get a web Request");
      expect(message).toContain(advice);
    }
  });
});
