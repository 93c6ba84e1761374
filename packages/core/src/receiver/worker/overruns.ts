import { nextTurn } from "../../next-turn.ts";
import { warning } from "../events/emit.ts";
import type { Emit } from "../events/events.ts";
import type { WorkerState } from "../run/worker-state.ts";

/**
 * Counts callbacks that were cut off but still run. They hold no slot, so their number has no
 * limit. Warns when there are more than `concurrency`.
 */
export function createOverruns(concurrency: number, emit: Emit): WorkerState["overruns"] {
  const running = new Set<Promise<unknown>>();
  let warned = false;
  return {
    add(callback) {
      running.add(callback);
      const end = (): void => {
        running.delete(callback);
        if (running.size <= concurrency) warned = false;
      };
      callback.then(end, end);
      // A callback that stops when `ctx.signal` aborts ends before the next turn.
      nextTurn(() => {
        if (warned || running.size <= concurrency) return;
        warned = true;
        emit(warning("callbacks_overrun", message(running.size)));
      });
    },
  };
}

const message = (count: number): string =>
  `${count} callbacks were cut off but still run, beyond limits.concurrency. Let each stop when \`ctx.signal\` aborts, or raise \`limits.handlerTimeoutMs\`.`;
