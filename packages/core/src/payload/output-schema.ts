// Not "zod/mini", whose methods, such as `check` and `brand`, are 0.7 kB of every bundle.
import * as z from "zod/v4/core";

/** An output that a callback can get. */
export interface Output {
  type: string;
  items: { type: string; [key: string]: unknown }[];
  [key: string]: unknown;
}

const text = new z.$ZodString({ type: "string" });
const catchall = new z.$ZodUnknown({ type: "unknown" });
const item = new z.$ZodObject({ type: "object", shape: { type: text }, catchall });
const items = new z.$ZodArray({ type: "array", element: item });
const output = new z.$ZodObject({ type: "object", shape: { type: text, items }, catchall });

/** The required part of a succeeded job's `output`, copied; `undefined` where it is not one. */
export const readOutput = (value: unknown): Output | undefined =>
  z.safeParse(output, value).data as Output | undefined;
