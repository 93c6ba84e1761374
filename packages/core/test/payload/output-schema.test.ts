import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as byHand from "../../src/payload/output-schema-by-hand.ts";
import * as byZod from "../../src/payload/output-schema.ts";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 4 }),
  fc.constantFrom("", "image", "\uD800", "\u0000", "x".repeat(256), "x".repeat(257)),
);
const scalar = fc.oneof(
  text,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
);
const key = fc.constantFrom("type", "items", "url", "width", "__proto__", "constructor", "");

/** JSON that is nearly an output: the names that matter, over values that fit or do not. */
const nearly = fc.letrec<{ value: unknown; object: object; output: object }>((tie) => ({
  object: fc
    .array(fc.tuple(key, fc.oneof(scalar, tie("value"))), { maxLength: 4 })
    .map((entries) => fromEntries(entries)),
  value: fc.oneof(
    { depthSize: "small" },
    scalar,
    tie("object"),
    fc.array(tie("value"), { maxLength: 3 }),
  ),
  output: fc
    .tuple(tie("object"), text, fc.array(fc.tuple(tie("object"), text), { maxLength: 3 }))
    .map(([more, type, items]) => {
      const item = ([field, itemType]: [object, string]) => withType(field, itemType);
      return fromEntries([...Object.entries(withType(more, type)), ["items", items.map(item)]]);
    }),
}));

const withType = (fields: object, type: string): object =>
  fromEntries([...Object.entries(fields), ["type", type]]);

/** As `JSON.parse` does: `__proto__` is a key like others. */
function fromEntries(entries: [string, unknown][]): object {
  const object = {};
  for (const [name, value] of entries) {
    const property = { value, enumerable: true, configurable: true, writable: true };
    Object.defineProperty(object, name, property);
  }
  return object;
}

/** What a schema says, with the order of keys, which JSON text shows and `toEqual` does not. */
const said = (reply: { success: boolean; data?: unknown }) =>
  reply.success ? JSON.stringify(sorted(reply.data)) : "refused";

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value ?? "undefined";
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => [name, sorted(field)]);
}

describe("the schema by hand, for Workers, says what zod says", () => {
  it("for outputs and what is nearly one", () => {
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(fc.oneof(nearly.output, nearly.object, nearly.value), (value) => {
        const before = structuredClone(value);
        const reply = byHand.outputSchema.safeParse(value);
        seen.add(reply.success);
        expect(said(reply)).toBe(said(byZod.outputSchema.safeParse(value)));
        expect(value).toEqual(before);
      }),
      { numRuns: 2_000 },
    );
    expect(seen).toEqual(new Set([true, false]));
  });

  it("both hand out copies, so that what came is not changed", () => {
    for (const { outputSchema } of [byHand, byZod]) {
      const items = [{ type: "image" }];
      const output = { type: "image", items };
      const parsed = outputSchema.safeParse(output);
      if (!parsed.success) throw new Error("refused");
      expect(parsed.data).toEqual(output);
      expect(parsed.data).not.toBe(output);
      expect(parsed.data.items).not.toBe(items);
      expect(parsed.data.items[0]).not.toBe(items[0]);
    }
  });
});
