import * as z from "zod/mini";

/** A schema without zod's types, because our declarations must not depend on them. */
export interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false };
}

/** An output that a callback can get. */
export interface Output {
  type: string;
  items: { type: string; [key: string]: unknown }[];
  [key: string]: unknown;
}

/** The required part of a succeeded job's `output`. */
export const outputSchema: Schema<Output> = z.looseObject({
  type: z.string(),
  items: z.array(z.looseObject({ type: z.string() })),
});
