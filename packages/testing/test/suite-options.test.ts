import { createSubject, runAdapterSuite, runStoreSuite } from "@abstrakt-webhooks/testing";
import { expect, it } from "vitest";

/** A runner that registers nothing. */
const api = { describe: () => undefined, it: () => undefined };
const boot = (): never => {
  throw new Error("no test runs");
};

it.each([
  [{ transaction: true }, "Unknown option `transaction`. Did you mean `transactions`?"],
  [{ shared: "yes" }, "Expected `shared` to be true or false, got string."],
  [{ unitMs: Number.NaN }, "Expected `unitMs` to be a whole number of at least 1, got NaN."],
  [null, "Expected `options` to be an object, got null."],
])("the store suite refuses the capabilities %o", (capabilities, message) => {
  expect(() => runStoreSuite(api, boot, capabilities as never)).toThrow(message);
});

it.each([
  [{ connection: true }, "Unknown option `connection`. Did you mean `connections`?"],
  [{ uncaught: 1 }, "Expected `uncaught` to be true or false, got 1."],
  [{ patienceMs: 0 }, "Expected `patienceMs` to be a whole number of at least 1, got 0."],
])("the adapter suite refuses the capabilities %o", (capabilities, message) => {
  expect(() => runAdapterSuite(api, boot, capabilities as never)).toThrow(message);
});

it("a suite takes its defaults for capabilities that are undefined", () => {
  const undefinedOnes = { shared: undefined, unitMs: undefined } as never;
  expect(() => runStoreSuite(api, boot, undefinedOnes)).not.toThrow();
});

it("a suite refuses a boot that is no function", () => {
  const message = "Expected `boot` to be a function, got object.";
  expect(() => runStoreSuite(api, {} as never)).toThrow(message);
  expect(() => runAdapterSuite(api, {} as never)).toThrow(message);
});

it("a subject refuses a misspelt setup", () => {
  expect(() => createSubject({ calback: "throw" } as never)).toThrow(
    "Unknown option `calback`. Did you mean `callback`?",
  );
});
