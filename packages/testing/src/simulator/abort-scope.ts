/** A group of tasks that can all be aborted at once. */
export interface AbortScope {
  readonly aborted: boolean;
  /** Runs a task with a signal of its own. Throws when the scope is already aborted. */
  run<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  abort(): void;
}

/** Makes a scope. Each task has its own signal, because Node warns about many listeners on one. */
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
