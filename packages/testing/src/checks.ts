import { expected, requireInteger, requireKnown } from "@abstrakt-webhooks/core/adapter";

/** The longest delay of `setTimeout`. With a longer delay it fires at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** Throws unless `value` is a number of milliseconds that a timer can wait. */
export function requireDelay(name: string, value: unknown, minMs = 0): void {
  if (isDelay(value) && value >= minMs) return;
  throw expected(name, `a number of milliseconds from ${minMs} to ${MAX_TIMER_MS}`, value);
}

/** Whether `value` is a number of milliseconds that a timer can wait. */
export const isDelay = (value: unknown): value is number =>
  typeof value === "number" && value >= 0 && value <= MAX_TIMER_MS;

/**
 * Throws unless `given` is an object with known options only.
 *
 * @param group the name of the option that `given` is the value of; "" for the options themselves.
 */
export function requireOptions(group: string, known: readonly string[], given: unknown): void {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw expected(group === "" ? "options" : group, "an object", given);
  }
  requireKnown(group === "" ? "" : `${group}.`, known, given);
}

/**
 * Adds the defaults to what a target of a suite can do. Throws for an unknown capability, because
 * the suite would skip the tests that need it.
 */
export function readCapabilities<T extends Record<keyof T, boolean | number>>(
  defaults: T,
  given: { readonly [Name in keyof T]?: T[Name] | undefined },
): T {
  requireOptions("", Object.keys(defaults), given);
  const declared = Object.entries<unknown>(given).filter(([, value]) => value !== undefined);
  for (const [name, value] of declared) {
    if (typeof defaults[name as keyof T] === "number") requireInteger(name, value, 1);
    else if (typeof value !== "boolean") throw expected(name, "true or false", value);
  }
  return { ...defaults, ...Object.fromEntries(declared) };
}
