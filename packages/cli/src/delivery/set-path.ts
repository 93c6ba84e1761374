import { z } from "zod";
import type { ValueType } from "../definition/values.ts";

/** A value for one place in a payload. */
export interface Assignment {
  /** Keys of objects and indexes of lists, from the outside in. */
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

const ASSIGNMENT = /^([^=]+?)(:?=)(.*)$/s;
const STEP = /([^.[\]]+)|\[(\d{1,3})\]/g;
const PATH = /^[^.[\]]+(\.[^.[\]]+|\[\d{1,3}\])*$/;

/** `output.items[0].url=https://...` sets text, `credits_used:=5` sets JSON. */
export const assignment: ValueType<Assignment> = {
  placeholder: "PATH=VALUE",
  expected: "PATH=TEXT or PATH:=JSON, such as output.items[0].url=https://example.com/a.png",
  schema: z.string().transform((typed, context): Assignment => {
    const [, name = "", sign, value = ""] = ASSIGNMENT.exec(typed) ?? [];
    const read = sign === ":=" ? readJson(value) : { value };
    if (PATH.test(name) && read !== undefined) return { path: toPath(name), ...read };
    context.addIssue({ code: "custom", message: "no assignment" });
    return z.NEVER;
  }),
};

/** A copy of the payload with the values set. Missing objects and lists on the path are made. */
export function setPaths(payload: object, assignments: readonly Assignment[]): object {
  const copy = structuredClone(payload);
  for (const { path, value } of assignments) setPath(copy, path, value);
  return copy;
}

function setPath(target: object, path: readonly (string | number)[], value: unknown): void {
  let place: object = target;
  for (const [index, step] of path.entries()) {
    const last = index === path.length - 1;
    const inside: unknown = Object.hasOwn(place, step) ? Reflect.get(place, step) : undefined;
    const made = typeof path[index + 1] === "number" ? [] : {};
    const next = typeof inside === "object" && inside !== null ? inside : made;
    // Not by assignment, which would follow `__proto__`.
    const written = { value: last ? value : next, writable: true, enumerable: true };
    Object.defineProperty(place, step, { ...written, configurable: true });
    place = next;
  }
}

const toPath = (name: string): (string | number)[] =>
  [...name.matchAll(STEP)].map(([, key, index]) => key ?? Number(index));

function readJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
