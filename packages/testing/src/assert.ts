/**
 * Fails unless both are deeply equal: same shape of plain objects and arrays, same primitives. A
 * key that is `undefined` equals an absent one.
 *
 * @throws Error that names `what`, what was expected and what came.
 */
export function equal(got: unknown, expected: unknown, what: string): void {
  if (isEqual(got, expected)) return;
  throw new Error(`${what}: expected ${show(expected)}, got ${show(got)}`);
}

/**
 * Fails unless the condition holds.
 *
 * @throws Error that names `what`, the thing that should be true.
 */
export function ok(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`expected ${what}`);
}

const LONGEST_SHOWN = 400;

function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const key of keys) if (!isEqual(a[key], b[key])) return false;
  return true;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
}
