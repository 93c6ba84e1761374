import { expect, it, vi } from "vitest";
import { memoryStore, sharedReceiver, type SharedOptions } from "../../src/index.ts";

const options = (): SharedOptions => ({ auth: "none", store: memoryStore() });

it("a second copy of core gets the same receiver", async () => {
  const first = sharedReceiver("results", {}, options);
  vi.resetModules();
  const copy = await import("../../src/index.ts");
  expect(copy.sharedReceiver).not.toBe(sharedReceiver);
  expect(copy.sharedReceiver("results", {}, options)).toBe(first);
  await first.drain();
});
