/**
 * Calls `goOn` with a value at once, or with a promise's value later. Adds no promise to a value.
 */
export const whenReady = <T, U>(
  value: T | PromiseLike<T>,
  goOn: (value: T) => U | Promise<U>,
): U | Promise<U> => (isThenable(value) ? Promise.resolve(value).then(goOn) : goOn(value));

/**
 * Checks for `then`. `instanceof` does not recognise a promise of another realm, nor that of an async
 * function where a library such as zone.js has replaced the global `Promise`.
 */
export const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === "function";
