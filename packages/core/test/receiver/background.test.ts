import { afterEach, describe, expect, it, vi } from "vitest";
import type { ReceiverEvent } from "../../src/index.ts";
import { createKeepAlive } from "../../src/receiver/worker/after-answer.ts";
import { boot, defer, pass, post, succeeded, useFakeTime, watchRejections } from "./support.ts";

useFakeTime();
const rejections = watchRejections();
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A host's context; its `waitUntil` needs its `this`, as on Workers. */
function context() {
  const kept: Promise<unknown>[] = [];
  return {
    kept,
    waitUntil(this: { kept?: unknown }, work: Promise<unknown>) {
      if (this.kept !== kept) throw new TypeError("Illegal invocation");
      kept.push(work);
    },
  };
}
const VERCEL = Symbol.for("@vercel/request-context");
const NEXT = Symbol.for("@next/request-context");
const request = () =>
  new Request("https://app.test/hook", { method: "POST", body: JSON.stringify(succeeded("a")) });

it("the background keeps the host awake until the callback has ended", async () => {
  const gate = defer();
  const host = context();
  const { receiver } = boot({ onSucceeded: () => gate.promise });
  const response = receiver.fetch(request(), host);
  await pass(1);
  expect((await response).status).toBe(200);
  expect(host.kept).toHaveLength(1);
  let ended = false;
  void host.kept[0]?.then(() => (ended = true));
  await pass(10_000);
  expect(ended).toBe(false);
  gate.resolve();
  await pass(1);
  expect(ended).toBe(true);
});

it("the background gets the same work once, however often the adapter passes it", async () => {
  const background = vi.fn();
  const onSucceeded = vi.fn();
  const { receiver } = boot({ background, onSucceeded });
  const ack = await receiver.handle(post(succeeded("a")));
  expect(ack.work?.()).toBe(ack.work?.());
  await pass(1);
  expect(background).toHaveBeenCalledTimes(1);
  expect(onSucceeded).toHaveBeenCalledTimes(1);
});

it("an explicit background has priority over a detected one", async () => {
  const background = vi.fn();
  const host = context();
  vi.stubGlobal("awslambda", {});
  const { receiver, warnings } = boot({ background });
  await Promise.all([receiver.fetch(request(), host), pass(1)]);
  expect(background).toHaveBeenCalledWith(expect.any(Promise));
  expect(host.kept).toEqual([]);
  expect(warnings()).toEqual([]);
});

describe("the background is detected", () => {
  it.each([
    ["Vercel's request context", VERCEL],
    ["Next's request context", NEXT],
  ])("%s", (_name, symbol) => {
    const host = context();
    const work = Promise.resolve();
    createKeepAlive("auto", vi.fn(), { [symbol]: { get: () => host } })(work);
    expect(host.kept).toEqual([work]);
  });

  it("the request's own waitUntil has priority over a global one", () => {
    const [global, own] = [context(), context()];
    createKeepAlive("auto", vi.fn(), { [VERCEL]: { get: () => global } })(Promise.resolve(), own);
    expect([global.kept.length, own.kept.length]).toEqual([0, 1]);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("no request");
      },
      [[expect.stringMatching(/waitUntil threw.*no request/)]],
    ],
    ["returns false", () => false, []],
  ])(
    "a request's waitUntil that %s leaves the work to a global one",
    (_name, waitUntil, complaints) => {
      const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
      const global = context();
      const work = Promise.resolve();
      createKeepAlive("auto", vi.fn(), { [VERCEL]: { get: () => global } })(work, { waitUntil });
      expect(global.kept).toEqual([work]);
      expect(error.mock.calls).toEqual(complaints);
    },
  );

  it.each([
    ["no context yet", { [VERCEL]: { get: () => undefined } }],
    ["a context without waitUntil", { [NEXT]: { get: () => ({}) } }],
    ["a long-lived host", {}],
  ])("no background is detected on %s", (_name, host) => {
    const emit = vi.fn();
    createKeepAlive("auto", emit, host)(Promise.resolve());
    expect(emit).not.toHaveBeenCalled();
  });
});

describe("a host that freezes and has no waitUntil is warned of once", () => {
  it.each([
    ["Workers", { navigator: { userAgent: "Cloudflare-Workers" } }],
    ["an edge runtime", { EdgeRuntime: "edge-runtime" }],
    ["Lambda", { awslambda: {} }],
  ])("%s", (_name, host) => {
    const told: Pick<ReceiverEvent, "type">[] = [];
    const keepAlive = createKeepAlive("auto", (event) => void told.push(event), host);
    for (let i = 0; i < 3; i += 1) keepAlive(Promise.resolve());
    expect(told).toMatchObject([{ type: "warning", error: { code: "no_background" } }]);
  });
});

it.each([
  [
    "throws",
    () => {
      throw new Error("no request");
    },
  ],
  ["returns false", () => false],
])("a host that freezes, and whose waitUntil %s, is warned of once", (_name, waitUntil) => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const emit = vi.fn();
  const keepAlive = createKeepAlive("auto", emit, { EdgeRuntime: "edge-runtime" });
  for (let i = 0; i < 3; i += 1) keepAlive(Promise.resolve(), { waitUntil });
  expect(emit.mock.calls).toMatchObject([[{ type: "warning", error: { code: "no_background" } }]]);
});

describe("a background that fails disturbs neither the answer nor the callback", () => {
  it.each<[name: string, background: () => void]>([
    [
      "throws",
      () => {
        throw new Error("outside a request");
      },
    ],
    ["rejects", () => Promise.reject(new Error("outside a request")) as never],
  ])("%s", async (_name, background) => {
    const error = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const { receiver, of } = boot({ background });
    const response = await receiver.fetch(request());
    await receiver.idle();
    expect(response.status).toBe(200);
    expect(of("done")).toHaveLength(1);
    expect(error).toHaveBeenCalledWith(expect.stringMatching(/background.*outside a request/));
    expect(rejections).toEqual([]);
  });
});
