import * as z from "zod/mini";

const MAX_JOB_ID_LENGTH = 256;

// A lone surrogate becomes U+FFFD in UTF-8, so distinct ids would collide in a store.
const LONE_SURROGATE = /\p{Cs}/u;
const CONTROL_CHARACTER = /\p{Cc}/u;

const isUsableId = (id: string): boolean =>
  id.length >= 1 &&
  id.length <= MAX_JOB_ID_LENGTH &&
  !CONTROL_CHARACTER.test(id) &&
  !LONE_SURROGATE.test(id);

/** A schema as its callers see it: no declaration of ours names zod, so that no version of it matters. */
interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false };
}

/** The strict part: without it a payload belongs to no job. */
export const jobIdSchema: Schema<string> = z.string().check(z.refine(isUsableId));

/** The part of a succeeded job without which there is no output to hand over. */
export const outputSchema: Schema<{
  type: string;
  items: { type: string; [key: string]: unknown }[];
  [key: string]: unknown;
}> = z.looseObject({
  type: z.string(),
  items: z.array(z.looseObject({ type: z.string() })),
});
