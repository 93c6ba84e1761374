import { invalidOptions, type AbstraktWebhookError } from "./errors.ts";
import type { JobClient } from "./job-client.ts";
import { nearest } from "./nearest.ts";
import { isThenable } from "./when-ready.ts";

/** Makes the error for an option or an argument that is not what it has to be. */
export const expected = (name: string, what: string, got: unknown): AbstraktWebhookError =>
  invalidOptions(`Expected \`${name}\` to be ${what}, got ${describe(got)}.`);

/** Throws unless `value` is a whole number of at least `min`. */
export function requireInteger(name: string, value: unknown, min: number): void {
  if (Number.isSafeInteger(value) && (value as number) >= min) return;
  throw expected(name, `a whole number of at least ${min}`, value);
}

/** Throws unless `value` is a number of milliseconds, which may be Infinity. */
export function requireDuration(name: string, value: unknown): void {
  if (typeof value === "number" && value >= 0) return;
  throw expected(name, "a number of milliseconds of at least 0", value);
}

/** Throws unless `value` is a function. */
export function requireFunction(name: string, value: unknown): void {
  if (typeof value === "function") return;
  throw expected(name, "a function", value);
}

/** Throws unless `client` has `getJob`. */
export function requireClient(client: unknown): void {
  if (typeof (client as Partial<JobClient> | undefined)?.getJob === "function") return;
  throw expected("client", "a JobClient with `getJob`", client);
}

/**
 * Throws when `given` has an unknown option, because a misspelt one would silently have no effect.
 */
export function requireKnown(group: string, known: readonly string[], given: object): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const meant = nearest(unknown, known);
  const advice = meant === undefined ? "" : ` Did you mean \`${group}${meant}\`?`;
  throw invalidOptions(
    `Unknown option \`${group}${unknown}\`.${advice} Known: ${known.join(", ")}.`,
  );
}

/**
 * Throws unless `given`, the options of a method, is an object of known options, or left out. An
 * instance of a host's class, such as a `URL`, would be an object without options.
 */
export function requireOptions(method: string, known: readonly string[], given: unknown): void {
  if (given === undefined) return;
  const kind = Object.prototype.toString.call(given).slice("[object ".length, -1);
  if (kind === "Object") return requireKnown("", known, given as object);
  const got = typeof given === "object" ? kind : describe(given);
  throw invalidOptions(
    `Expected the options of \`${method}\` to be an object such as { ${known[0]} }, got ${got}.`,
  );
}

/** Throws when `value`, or a field of it, is a promise, because JSON would hold `{}` for it. */
export function requireAwaited(name: string, value: unknown): void {
  const fields = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const found = isThenable(value) ? [""] : fields.find(([, field]) => isThenable(field));
  if (found === undefined) return;
  const path = found[0] === "" ? name : `${name}.${found[0]}`;
  throw invalidOptions(
    `Expected \`${path}\` to be a value, got a promise. Put \`await\` before it.`,
  );
}

/** Describes a value for an error text: its type, and the value only if it cannot be a secret. */
export function describe(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return Array.isArray(value) ? "an array" : typeof value;
}
