import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createReceiver, memoryStore } from "../../src/index.ts";
import { boot, deliver, durableStore, pass, succeeded, useFakeTime } from "./support.ts";

useFakeTime();
const warn = vi.fn();
const error = vi.fn();
beforeEach(() => {
  vi.spyOn(console, "warn").mockImplementation(warn);
  vi.spyOn(console, "error").mockImplementation(error);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.clearAllMocks();
});

async function warningsAfterTwo(booted: ReturnType<typeof boot>): Promise<string[]> {
  for (const id of ["a", "b"]) await deliver(booted.receiver, succeeded(id));
  await pass(1);
  return booted.warnings();
}

it("the default store is noticed once, and a store in the options is not", async () => {
  const events: string[] = [];
  const receiver = createReceiver({
    auth: "none",
    onEvent: (event) => void (event.type === "warning" && events.push(event.error.code)),
  });
  for (const id of ["a", "b"]) await deliver(receiver, succeeded(id));
  expect(events).toEqual(["default_store"]);
  expect(await warningsAfterTwo(boot({ store: memoryStore() }))).toEqual([]);
});

it("a durable store that was not started is warned of once", async () => {
  const booted = boot({ store: durableStore() });
  expect(await warningsAfterTwo(booted)).toEqual(["not_started"]);
  expect(booted.of("warning")[0]?.error.message).toMatch(/`receiver\.start\(\)`.*`\.receiver`/);
});

it.each(["start", "tick"] as const)("no such warning follows %s()", async (drive) => {
  const booted = boot({ store: durableStore() });
  await booted.receiver[drive]();
  expect(await warningsAfterTwo(booted)).toEqual([]);
});

it("a store that forgets jobs before their URLs expire is warned of once", async () => {
  const auth = (tokenLifeMs: number) => [{ admit: () => ({}) }, { admit: () => ({}), tokenLifeMs }];
  const store = () => memoryStore({ doneTtlMs: 1_000 });
  const short = boot({ auth: auth(1_001), store: store() });
  expect(await warningsAfterTwo(short)).toEqual(["short_retention"]);
  expect(short.of("warning")[0]?.error.message).toMatch(/after 1000 ms.* for 1001 ms/);
  expect(await warningsAfterTwo(boot({ auth: auth(1_000), store: store() }))).toEqual([]);
});

it("that warning also follows a URL that was minted for longer", async () => {
  const mint = async () => ({ url: "https://app.test/", binding: "n." });
  const auth = { admit: () => ({}), mint, tokenLifeMs: 1_000 };
  const booted = boot({ auth, store: memoryStore({ doneTtlMs: 1_000 }) });
  await booted.receiver.webhookUrl({ expiresInMs: 1_000 });
  expect(booted.warnings()).toEqual([]);
  for (const expiresInMs of [1_001, 1_002]) await booted.receiver.webhookUrl({ expiresInMs });
  expect(booted.warnings()).toEqual(["short_retention"]);
});

it("the store's warnings about its settings are emitted once, after the answer", async () => {
  const inspect = vi.fn(function (this: unknown) {
    return Promise.resolve({ warnings: this === store ? ["appendonly is off"] : [] });
  });
  const store = { ...memoryStore(), inspect };
  const booted = boot({ store });
  expect(await warningsAfterTwo(booted)).toEqual(["store_settings"]);
  expect(booted.of("warning")).toMatchObject([{ error: { message: "appendonly is off" } }]);
  expect(inspect).toHaveBeenCalledTimes(1);
});

it("the answer does not wait for a store that does not return its warnings", async () => {
  const inspect = () => new Promise<never>(() => undefined);
  const { receiver, of } = boot({ store: { ...memoryStore(), inspect } });
  expect((await deliver(receiver, succeeded("a"))).status).toBe(200);
  await pass(4_000);
  expect(of("warning")).toMatchObject([
    {
      error: {
        code: "store_unavailable",
        message: expect.stringMatching(/settings could not be read.*did not answer/),
      },
    },
  ]);
});

it("settings that cannot be read are no second warning of a store that is not ready", async () => {
  const down = () => Promise.reject(new Error("down"));
  const booted = boot({ store: { ...memoryStore(), inspect: down, ready: down } });
  expect(await warningsAfterTwo(booted)).toEqual([]);
});

it("each row that the store drops is a warning, and a store that cannot report them is used", async () => {
  const onDropped = (listener: (message: string) => void): void => {
    for (const row of ["one", "two"]) listener(`dropped ${row}`);
  };
  const reporting = boot({ store: { ...memoryStore(), onDropped } });
  expect(await warningsAfterTwo(reporting)).toEqual(["store_full", "store_full"]);
  expect(reporting.of("warning")[1]?.error.message).toBe("dropped two");
  const broken = () => Promise.reject(new Error("no"));
  expect(await warningsAfterTwo(boot({ store: { ...memoryStore(), onDropped: broken } }))).toEqual(
    [],
  );
});

it("the console prints warnings and dead letters, and nothing else, when there is no listener", async () => {
  const onSucceeded = () => Promise.reject(new Error("no"));
  const receiver = createReceiver({ auth: "none", onSucceeded, retry: { maxAttempts: 1 } });
  await deliver(receiver, succeeded("a"));
  await deliver(receiver, succeeded("a"));
  await pass(1);
  expect(warn.mock.calls).toEqual([
    [expect.stringMatching(/^\[abstrakt-webhooks\] No `store` was given/)],
  ]);
  expect(error.mock.calls).toEqual([
    [expect.stringMatching(/job a is dead after attempt 1.*Error: no/)],
  ]);
});
