import type { Output, Schema } from "./output-schema.ts";

// Takes the place of output-schema.ts on Workers, where its library would be a fifth of what is
// loaded. A test holds the two together.

type Loose = Record<string, unknown>;

const refused = { success: false } as const;

/** The part of a succeeded job without which there is no output to hand over. */
export const outputSchema: Schema<Output> = {
  safeParse(value) {
    const output = typed(value);
    if (output === undefined || !Array.isArray(output["items"])) return refused;
    const items = output["items"].map(typed);
    return items.every((item) => item !== undefined)
      ? { success: true, data: { ...output, items } }
      : refused;
  },
};

/** A copy of an object with a type, so that what came is not changed; as zod, without a `__proto__`. */
function typed(value: unknown): (Loose & { type: string }) | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { type, ...rest } = value as Loose;
  delete rest["__proto__"];
  return typeof type === "string" ? { ...rest, type } : undefined;
}
