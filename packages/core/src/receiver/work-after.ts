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
      working = nextTurn().then(work).then(() => undefined);
      keepAlive(working, runtime);
    }
    return working;
  };
}

// Not the unref'd `timer`: a process must not end between the answer and the work.
const nextTurn = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 0));
