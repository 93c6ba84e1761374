/** Goes on with a value at once, or when its promise is kept: no promise where none was. */
export const whenReady = <T, U>(
  value: T | PromiseLike<T>,
  goOn: (value: T) => U | Promise<U>,
): U | Promise<U> => (isThenable(value) ? Promise.resolve(value).then(goOn) : goOn(value));

/** Not by `instanceof`: another realm's promise must not pass for a value. */
export const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === "function";
