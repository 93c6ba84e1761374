import { describe, expect, it } from "vitest";
import { createReceiver, memoryStore, type ReceiverOptions } from "../../src/index.ts";

const SECRET = "canary-secret";

function refusalOf(options: unknown): { code: string; message: string } {
  try {
    createReceiver(options as ReceiverOptions);
  } catch (thrown) {
    return thrown as { code: string; message: string };
  }
  throw new Error("Expected the options to be refused.");
}

describe("wrong options are refused by name, with the expected and the actual value", () => {
  it.each<[name: string, options: unknown, message: RegExp]>([
    ["no options", undefined, /receiver options.*got undefined/],
    ["null", null, /receiver options.*got null/],
    ["no auth", {}, /`auth`.*got undefined.*signedUrl\(\{ secrets, url \}\).*"none"/],
    ["auth as text", { auth: SECRET }, /`auth`.*got string/],
    ["auth as an empty list", { auth: [] }, /`auth`.*got an array/],
    [
      "an auth without any method",
      { auth: [{ mint: () => SECRET }] },
      /`auth`.*`admit`, `verify` or `confirm`/,
    ],
    [
      "a callback that is no function",
      { auth: "none", onSucceeded: SECRET },
      /`onSucceeded`.*function.*got string/,
    ],
    [
      "an onFailed that is no function",
      { auth: "none", onFailed: 1 },
      /`onFailed`.*function.*got 1/,
    ],
    [
      "an onDead that is no function",
      { auth: "none", onDead: {} },
      /`onDead`.*function.*got object/,
    ],
    [
      "an onEvent that is no function",
      { auth: "none", onEvent: true },
      /`onEvent`.*function.*got true/,
    ],
    ["a clock that is no function", { auth: "none", clock: 0 }, /`clock`.*function.*got 0/],
    [
      "a store without its methods",
      { auth: "none", store: { url: SECRET } },
      /`store`.*JobStore.*got object/,
    ],
    ["a store that is null", { auth: "none", store: null }, /`store`.*JobStore.*got null/],
    [
      "a client without its methods",
      { auth: "none", client: { apiKey: SECRET } },
      /`client`.*JobClient.*got object/,
    ],
    ["an unknown ack", { auth: "none", ack: SECRET }, /`ack`.*"stored" or "handled".*got string/],
    [
      "a background that is no function",
      { auth: "none", background: SECRET },
      /`background`.*function.*got string/,
    ],
    ["limits as a number", { auth: "none", limits: 5 }, /`limits`.*object.*got 5/],
    ["limits as null", { auth: "none", limits: null }, /`limits`.*object.*got null/],
    ["retry as a list", { auth: "none", retry: [] }, /`retry`.*object.*got an array/],
    ["an unknown limit", { auth: "none", limits: { leaseMS: 5 } }, /`limits\.leaseMS`.*leaseMs/],
    ["a misspelt option", { auth: "none", onSuccess: () => SECRET }, /`onSuccess`.*onSucceeded/],
    ["an inherited name", { auth: "none", limits: { toString: 5 } }, /`limits\.toString`/],
    [
      "a limit of 0",
      { auth: "none", limits: { concurrency: 0 } },
      /`limits\.concurrency`.*1.*got 0/,
    ],
    ["a broken number", { auth: "none", limits: { leaseMs: 1.5 } }, /`limits\.leaseMs`.*got 1\.5/],
    ["no number", { auth: "none", limits: { leaseMs: Number.NaN } }, /`limits\.leaseMs`.*got NaN/],
    [
      "a number as text",
      { auth: "none", retry: { maxAttempts: SECRET } },
      /`retry\.maxAttempts`.*got string/,
    ],
  ])("%s", (_name, options, message) => {
    const refusal = refusalOf(options);
    expect(refusal.code).toBe("invalid_options");
    expect(refusal.message).toMatch(message);
    expect(refusal.message).not.toContain(SECRET);
  });
});

it("valid options are accepted, and absent ones have their defaults", () => {
  const options = {
    auth: { confirm: async () => ({ kind: "unknown" as const }) },
    store: memoryStore(),
    ack: "handled",
    background: () => undefined,
    retry: { maxAttempts: 1 },
    limits: {},
    clock: () => 0,
  } satisfies ReceiverOptions;
  const before = structuredClone({ retry: options.retry, limits: options.limits });
  createReceiver(Object.freeze(options));
  expect({ retry: options.retry, limits: options.limits }).toEqual(before);
});

it("an option that is undefined has its default, as an absent one has", () => {
  const options: object = { auth: "none", limits: { leaseMs: undefined }, retry: undefined };
  expect(() => createReceiver(options as ReceiverOptions)).not.toThrow();
});

it.each([
  ["admit", { admit: () => ({}) }],
  ["verify", { verify: () => true }],
  ["confirm", { confirm: async () => ({ kind: "unknown" as const }) }],
])(
  "an auth with `%s` alone is enough, and one without a method in a list is refused",
  (_, auth) => {
    createReceiver({ auth: [auth] as never });
    expect(refusalOf({ auth: [auth, {}] }).message).toContain("`auth`");
    expect(refusalOf({ auth: [auth, undefined] }).message).toContain("`auth`");
  },
);
