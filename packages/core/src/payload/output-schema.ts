import * as z from "zod/mini";

/** A schema as its callers see it: no declaration of ours names zod, so that no version of it matters. */
export interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false };
}

/** An output that can be handed over. */
export interface Output {
  type: string;
  items: { type: string; [key: string]: unknown }[];
  [key: string]: unknown;
}

/** The part of a succeeded job without which there is no output to hand over. */
export const outputSchema: Schema<Output> = z.looseObject({
  type: z.string(),
  items: z.array(z.looseObject({ type: z.string() })),
});
