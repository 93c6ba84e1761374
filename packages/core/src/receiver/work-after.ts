import { nextTurn } from "../clock.ts";
import type { Kit } from "./kit.ts";
import type { Runtime } from "./receiver.ts";

/**
 * Work for after the answer: it starts in the next turn of the event loop, when what was written
 * is on the wire, and the host is asked to stay awake for it. Calling it again starts nothing.
 */
export function workAfter(
  { keepAlive }: Kit,
  work: () => Promise<unknown>,
  runtime?: Runtime,
): () => Promise<void> {
  let working: Promise<void> | undefined;
  return () => {
    if (working === undefined) {
      working = new Promise((resolve) => nextTurn(() => void work().then(() => resolve())));
      keepAlive(working, runtime);
    }
    return working;
  };
}
