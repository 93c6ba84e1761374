import { abstraktWebhook, createReceiver, memoryStore } from "@abstrakt-webhooks/hono";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { Hono, type Context } from "hono";
import { handle, type LambdaEvent } from "hono/aws-lambda";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const body = () => JSON.stringify(succeededPayload());
const open = () => createReceiver({ auth: "none", store: memoryStore(), onEvent: () => undefined });
const appOf = (receiverFor: (c: Context) => ReturnType<typeof open>) =>
  new Hono().post("/hook", abstraktWebhook(receiverFor));
type App = ReturnType<typeof appOf>;

const sendTo = (app: App, env?: object) =>
  app.fetch(new Request("http://localhost/hook", { method: "POST", body: body() }), env);
const sendByLambda = (app: App) =>
  handle(app)({
    version: "2.0",
    rawPath: "/hook",
    rawQueryString: "",
    headers: { "content-type": "application/json", host: "example.com" },
    requestContext: { domainName: "example.com", http: { method: "POST", path: "/" } },
    body: body(),
    isBase64Encoded: false,
  } as unknown as LambdaEvent);

let warned: string[];
beforeEach(() => {
  warned = [];
  vi.spyOn(console, "warn").mockImplementation((text: string) => void warned.push(text));
});
afterEach(() => void vi.restoreAllMocks());

describe("a function that makes a receiver", () => {
  it.each<[string, (app: App) => unknown]>([
    ["Node", (app) => sendTo(app, { incoming: { httpVersionMajor: 1 }, outgoing: {} })],
    ["Deno", (app) => sendTo(app, { remoteAddr: { hostname: "127.0.0.1" } })],
    ["Lambda", sendByLambda],
    ["Lambda@Edge", (app) => sendTo(app, { event: {}, context: {}, callback: () => undefined })],
  ])("is warned of on %s at the second request, and then no more", async (_, send) => {
    const app = appOf(open);
    await send(app);
    expect(warned).toEqual([]);
    for (let times = 0; times < 3; times += 1) await send(app);
    expect(warned).toEqual([
      expect.stringMatching(/^\[abstrakt-webhooks\].*for every request.*when the module loads/),
    ]);
  });

  it.each<[string, object | undefined]>([
    ["where bindings are no requests, as on Workers", { DB: {} }],
    ["where there is no env", undefined],
  ])("is not warned of %s", async (_, env) => {
    const app = appOf(open);
    for (let times = 0; times < 3; times += 1) await sendTo(app, env && { ...env });
    expect(warned).toEqual([]);
  });

  it("is not warned of when it returns the same receiver again", async () => {
    const receiver = open();
    const app = appOf(() => receiver);
    for (let times = 0; times < 3; times += 1) await sendTo(app, { incoming: {}, outgoing: {} });
    expect(warned).toEqual([]);
  });
});
