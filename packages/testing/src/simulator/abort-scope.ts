/** A group of tasks that can all be aborted at once. */
export interface AbortScope {
  /** `run` rejects with this error when the scope is aborted. */
  readonly closed: Error;
  /** `run` rejects with this error when a task takes too long. */
  readonly timedOut: Error;
  /**
   * Runs a task with a signal of its own, which aborts with the scope or after `timeoutMs`. Then
   * `run` rejects at once, because a task may ignore its signal.
   */
  run<T>(task: (signal: AbortSignal) => Promise<T>, timeoutMs?: number): Promise<T>;
  abort(): void;
}

/** Makes a scope. Each task has its own signal, because Node warns about many listeners on one. */
export function createAbortScope(): AbortScope {
  const closed = new DOMException("The simulator is closed.", "AbortError");
  const timedOut = new DOMException("The task took too long.", "TimeoutError");
  const open = new Set<AbortController>();
  let aborted = false;
  return {
    closed,
    timedOut,
    async run(task, timeoutMs) {
      if (aborted) throw closed;
      const controller = new AbortController();
      open.add(controller);
      // `AbortSignal.timeout` would not keep the process alive.
      const timer =
        timeoutMs !== undefined && setTimeout(() => controller.abort(timedOut), timeoutMs);
      try {
        return await untilAborted(task(controller.signal), controller.signal);
      } finally {
        if (timer !== false) clearTimeout(timer);
        open.delete(controller);
      }
    },
    abort() {
      aborted = true;
      for (const controller of open) controller.abort(closed);
    },
  };
}

/** Settles as `running` does, or rejects as soon as the signal aborts. */
function untilAborted<T>(running: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    running.then(resolve, reject);
  });
}
