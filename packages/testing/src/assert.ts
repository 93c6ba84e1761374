/**
 * Fails unless both values are deeply equal. It compares plain objects, arrays and primitives. A
 * key with the value `undefined` equals an absent key.
 *
 * @throws Error with `what`, the expected value and the actual one.
 */
export function equal(got: unknown, expected: unknown, what: string): void {
  if (isEqual(got, expected)) return;
  throw new Error(`${what}: expected ${show(expected)}, got ${show(got)}`);
}

/**
 * Fails unless the condition holds.
 *
 * @throws Error with `what`, which says what should be true.
 */
export function ok(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`expected ${what}`);
}

const MAX_SHOWN_LENGTH = 400;

function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const key of keys) if (!isEqual(a[key], b[key])) return false;
  return true;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** Shows a value as JSON in an error text, cut at 400 characters. */
export function show(value: unknown): string {
  const text = showNumber(value) ?? JSON.stringify(value, withNumbers) ?? String(value);
  return text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}...` : text;
}

const withNumbers = (_key: string, value: unknown): unknown => showNumber(value) ?? value;

/** Shows a number that JSON cannot hold. */
function showNumber(value: unknown): string | undefined {
  if (typeof value === "bigint") return `${value}n`;
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : undefined;
}
