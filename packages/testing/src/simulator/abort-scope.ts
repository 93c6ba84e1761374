/** Work that can be stopped all at once. */
export interface AbortScope {
  readonly aborted: boolean;
  /** Runs a piece of work with a signal of its own; throws when the scope is aborted already. */
  run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  abort(): void;
}

/** Makes a scope. One signal for all would gather a listener per piece, which Node reports as a leak. */
export function createAbortScope(): AbortScope {
  const open = new Set<AbortController>();
  let aborted = false;
  return {
    get aborted() {
      return aborted;
    },
    async run(work) {
      const controller = new AbortController();
      if (aborted) controller.abort();
      controller.signal.throwIfAborted();
      open.add(controller);
      try {
        return await work(controller.signal);
      } finally {
        open.delete(controller);
      }
    },
    abort() {
      aborted = true;
      for (const controller of open) controller.abort();
    },
  };
}
