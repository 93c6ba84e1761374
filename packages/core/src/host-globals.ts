/**
 * A global of the host. It is looked up at each use, because a test may replace it at any time. A
 * host may lack it, or throw when it is read.
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
 * Whether a test has faked a timer function: Jest, Vitest and Sinon mark theirs in this way. The
 * test decides when a faked timer fires. It never fires once the test has restored the real
 * function.
 */
export const isFake = (timerFunction: object): boolean =>
  "clock" in timerFunction || "_isMockFunction" in timerFunction;
