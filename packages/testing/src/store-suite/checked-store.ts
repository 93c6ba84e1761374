import { show } from "../assert.ts";

/** The fields of replies that core counts with. */
const COUNTS = new Set(["fence", "attempt", "attempts", "conflicts", "polls"]);
/** The fields and replies that are milliseconds. They may be absent. */
const TIMES = new Set(["receivedAtMs", "settledAtMs", "dueInMs", "nextDueInMs", "oldestPendingMs"]);

/**
 * Returns the same store. Its methods reject when a number in their reply is not a number, because
 * some database clients return large integers as texts, and a text passes most comparisons.
 */
export function checkedStore<Store extends object>(store: Store): Store {
  // The target is empty, because a proxy cannot replace the methods of a frozen target.
  return new Proxy({} as Store, {
    get(_target, name) {
      const method: unknown = Reflect.get(store, name);
      if (typeof method !== "function") return method;
      return async (...args: unknown[]) => {
        const reply: unknown = await Reflect.apply(method, store, args);
        checkNumbers(String(name), String(name), reply);
        return reply;
      };
    },
  });
}

function checkNumbers(path: string, name: string, value: unknown): void {
  if (COUNTS.has(name) && !Number.isSafeInteger(value)) throw wrong(path, "a whole number", value);
  if (TIMES.has(name) && value !== undefined && !Number.isFinite(value)) {
    throw wrong(path, "a finite number", value);
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, field] of Object.entries(value)) {
    checkNumbers(Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`, key, field);
  }
}

function wrong(path: string, what: string, got: unknown): Error {
  const shown = typeof got === "string" ? `the text ${show(got)}` : show(got);
  return new Error(`Expected the store to answer with ${what} as \`${path}\`, got ${shown}.`);
}
