import { afterEach, expect, it, vi } from "vitest";
import { createReceiver, type JobStore, memoryStore } from "../../src/index.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it("construction sets no timer and reads no randomness, environment or store", () => {
  vi.useFakeTimers();
  const random = [
    vi.spyOn(Math, "random"),
    vi.spyOn(crypto, "randomUUID"),
    vi.spyOn(crypto, "getRandomValues"),
  ];
  const environment = vi.fn();
  const deny = { get: environment, has: environment, ownKeys: environment };
  vi.spyOn(process, "env", "get").mockReturnValue(new Proxy({}, deny));
  const asked = vi.fn();
  const store = new Proxy(memoryStore(), {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? asked : member;
    },
  }) as JobStore;

  createReceiver({ auth: "none" });
  createReceiver({ auth: "none", store, ack: "handled" });

  expect(vi.getTimerCount()).toBe(0);
  for (const source of random) expect(source).not.toHaveBeenCalled();
  expect(environment).not.toHaveBeenCalled();
  expect(asked).not.toHaveBeenCalled();
});

it("a receiver works where the host has no process", async () => {
  vi.stubGlobal("process", undefined);
  const receiver = createReceiver({ auth: "none", store: memoryStore() });
  expect(await receiver.ingest({ job_id: "a", status: "processing" })).toEqual({
    kind: "ignored",
    jobId: "a",
  });
});
