import { afterEach, expect, it, vi } from "vitest";
import { nextTurn, sharedTurn } from "../src/next-turn.ts";

afterEach(() => void vi.useRealTimers());

const turn = (): Promise<void> => new Promise((resolve) => nextTurn(resolve));

const throws = (): never => {
  throw new Error("A Node.js API is used (setImmediate)");
};

/** Asks for a turn while the host's globals are replaced, and restores them for the test runner. */
function turnWhile(names: string[], global: PropertyDescriptor, refused?: () => void) {
  const originals = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
  for (const name of names) Object.defineProperty(globalThis, name, global);
  try {
    return new Promise<void>((resolve) => nextTurn(resolve, refused));
  } finally {
    names.forEach((name, at) => Object.defineProperty(globalThis, name, originals[at] ?? {}));
  }
}

it("everything that is already due runs before the next turn", async () => {
  const order: string[] = [];
  const later = turn().then(() => order.push("turn"));
  await Promise.resolve().then(() => order.push("microtask"));
  await later;
  expect(order).toEqual(["microtask", "turn"]);
});

it.each<[name: string, ...names: string[]]>([
  ["no setImmediate", "setImmediate"],
  ["no setImmediate and no setTimeout", "setImmediate", "setTimeout"],
  ["no setImmediate, setTimeout or MessageChannel", "setImmediate", "setTimeout", "MessageChannel"],
])("the next turn comes where the host has %s", async (_, ...names) => {
  await turnWhile(names, { configurable: true, value: undefined });
});

it.each<[name: string, ...names: string[]]>([
  ["setImmediate", "setImmediate"],
  ["setImmediate and setTimeout", "setImmediate", "setTimeout"],
  ["setImmediate, setTimeout and MessageChannel", "setImmediate", "setTimeout", "MessageChannel"],
])(
  "the next turn comes where %s throws, and reports what setImmediate threw",
  async (_, ...names) => {
    const refused = vi.fn();
    await turnWhile(names, { configurable: true, value: throws }, refused);
    expect(refused.mock.calls).toEqual([[new Error("A Node.js API is used (setImmediate)")]]);
  },
);

it("the next turn comes where the host throws at a read of setImmediate", async () => {
  await turnWhile(["setImmediate"], { configurable: true, get: throws });
});

it("the next turn comes once, although a test has faked the host's timers and fires none", async () => {
  vi.useFakeTimers();
  const callback = vi.fn();
  nextTurn(callback);
  vi.useRealTimers();
  await expect.poll(() => callback.mock.calls.length).toBeGreaterThan(0);
  expect(callback).toHaveBeenCalledTimes(1);
});

it("the next turn runs once, as soon as a test fires its faked timers", async () => {
  vi.useFakeTimers();
  const callback = vi.fn();
  nextTurn(callback);
  vi.runAllTimers();
  expect(callback).toHaveBeenCalledTimes(1);
  vi.useRealTimers();
  await turn();
  expect(callback).toHaveBeenCalledTimes(1);
});

it("all who wait in one turn are woken together, before anything of a later turn", async () => {
  const order: string[] = [];
  const first = sharedTurn().then(() => order.push("first"));
  const later = turn().then(() => order.push("another callback"));
  const second = sharedTurn().then(() => order.push("second"));
  await Promise.all([first, later, second]);
  expect(order).toEqual(["first", "second", "another callback"]);
});

it("a wait in the next turn does not end with those of this one", async () => {
  const first = sharedTurn();
  await first;
  const isEarly = vi.fn();
  const second = sharedTurn().then(isEarly);
  await Promise.resolve();
  expect(isEarly).not.toHaveBeenCalled();
  await second;
});
