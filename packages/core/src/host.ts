/**
 * A global of the host, looked up when it is used and not at import: a test may replace it at any
 * time, and a host may have none, or throw where it is looked at.
 */
export function hostGlobal(name: string): unknown {
  try {
    return (globalThis as unknown as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}

/** One of Node's own modules, which Bun, Deno and Workers with `nodejs_compat` have as well. */
export function hostModule(name: string): unknown {
  try {
    const host = hostGlobal("process") as { getBuiltinModule?(name: string): unknown } | undefined;
    return host?.getBuiltinModule?.(name);
  } catch {
    return undefined;
  }
}

/**
 * Whether a test has replaced a timer function: Jest, Vitest and Sinon mark theirs so. Such a timer
 * fires when the test says so, and never once the test has put the host's own back.
 */
export const isFake = (timerFunction: object): boolean =>
  "clock" in timerFunction || "_isMockFunction" in timerFunction;
