import { describe, expect, it } from "vitest";
import { namedJob, refOf, toBinding, withRef } from "../../src/auth/binding.ts";

const refs = [
  "order-42",
  "__proto__",
  "a.b/c?d=e&f",
  "Grüße 🎨",
  "\u0000",
  "\uFEFFmark",
  "é".repeat(512),
];

it.each(refs)("refOf returns the ref %j unchanged", (ref) => {
  expect(refOf(toBinding({ nonce: "n-_1", ref }))).toBe(ref);
  expect(refOf(toBinding({ ref }))).toBe(ref);
});

it("a binding is a nonce, a dot and base64url, and either side of the dot may be empty", () => {
  expect(toBinding({ nonce: "n-_1", ref: "order-42" })).toBe("n-_1.b3JkZXItNDI");
  expect(toBinding({ ref: "order-42" })).toBe(".b3JkZXItNDI");
  expect(toBinding({ nonce: "n-_1" })).toBe("n-_1.");
});

it.each([
  undefined,
  "",
  "n",
  "n.",
  ".",
  "minted",
  "https://a.test/b.c",
  "a.b.c",
  "a.b.b3JkZXItNDI",
  "n.A",
  "n.QR",
  "n._w",
  "n.b3Jk=",
])("refOf finds no ref in the binding %j", (binding) => expect(refOf(binding)).toBeUndefined());

it("a record gets a ref only where its binding has one", () => {
  const binding = ".b3JkZXItNDI";
  expect(withRef({ binding })).toEqual({ binding, ref: "order-42" });
  for (const record of [{ binding: "n." }, {}]) expect(withRef(record)).toBe(record);
});

it.each([
  [".b3JkZXItNDI", { jobId: "a", ref: "order-42" }],
  ["n.", { jobId: "a" }],
  [undefined, { jobId: "a" }],
])("events name a job with the binding %s as %j", (binding, name) => {
  expect(namedJob("a", binding)).toStrictEqual(name);
});

describe("a ref that is no text of 1 to 512 characters is refused", () => {
  it.each([
    ["", "0"],
    ["r".repeat(513), "513"],
    ["\uD800", "1 characters"],
    [7, "7"],
    [null, "null"],
  ])("%j", (ref, came) => {
    expect(() => toBinding({ ref: ref as string })).toThrow(
      expect.objectContaining({ code: "invalid_options", message: expect.stringContaining(came) }),
    );
  });
});
