import { readStoreOptions, type StoreOptions } from "@abstrakt-webhooks/core/store";
import { describe, expect, it } from "vitest";

const DAY_MS = 86_400_000;
const DEFAULTS = {
  namespace: "abstrakt",
  doneTtlMs: 8 * DAY_MS,
  deadTtlMs: 30 * DAY_MS,
  keepPayload: true,
};

describe("readStoreOptions", () => {
  it("fills in the defaults, also for undefined", () => {
    expect(readStoreOptions({})).toEqual(DEFAULTS);
    const undefinedTtl: object = { doneTtlMs: undefined };
    expect(readStoreOptions(undefinedTtl)).toEqual(DEFAULTS);
  });

  it("keeps the given options, and ignores the store's own ones", () => {
    const given = { namespace: "mine", doneTtlMs: 1, deadTtlMs: 2, keepPayload: false };
    expect(readStoreOptions({ ...given, client: {} } as StoreOptions, ["client"])).toEqual(given);
  });

  it.each<[options: unknown, message: string]>([
    [undefined, "Expected the store's options to be an object, got undefined."],
    [null, "Expected the store's options to be an object, got null."],
    [{ namespace: "" }, 'Expected `namespace` to be a string that is not empty, got "".'],
    [{ namespace: 5 }, "Expected `namespace` to be a string that is not empty, got 5."],
    [{ doneTtlMs: 0 }, "Expected `doneTtlMs` to be a whole number of at least 1, got 0."],
    [{ deadTtlMs: "8d" }, "Expected `deadTtlMs` to be a whole number of at least 1, got string."],
    [{ deadTtlMs: Infinity }, "Expected `deadTtlMs` to be a whole number of at least 1"],
    [{ keepPayload: 1 }, "Expected `keepPayload` to be true or false, got 1."],
    [{ keepPayload: null }, "Expected `keepPayload` to be true or false, got null."],
    [
      { doneTtl: 5 },
      "Unknown option `doneTtl`. Did you mean `doneTtlMs`? Known: client, namespace, doneTtlMs, deadTtlMs, keepPayload.",
    ],
  ])("refuses %j", (options, message) => {
    expect(() => readStoreOptions(options as StoreOptions, ["client"])).toThrow(
      expect.objectContaining({
        code: "invalid_options",
        message: expect.stringContaining(message),
      }),
    );
  });
});
