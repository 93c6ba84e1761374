import { hostGlobal, isFake } from "./host-globals.ts";

type SetImmediate = (callback: () => void) => unknown;
type SetTimeout = (callback: () => void, delayMs: number) => unknown;

/**
 * Runs `callback` once, in the next turn of the event loop, by the first function of the host that
 * works. When `setImmediate` throws, `onRefusal` gets the error. Never throws. The callback runs
 * also when a test has faked `setImmediate` and never fires it.
 */
export function nextTurn(callback: () => void, onRefusal?: (thrown: unknown) => void): void {
  const setImmediate = hostGlobal("setImmediate") as SetImmediate | undefined;
  if (setImmediate === undefined) return byOtherMeans(callback);
  try {
    if (!isFake(setImmediate)) return void setImmediate(callback);
    const start = once(callback);
    setImmediate(start);
    byOtherMeans(start);
  } catch (thrown) {
    onRefusal?.(thrown);
    byOtherMeans(callback);
  }
}

/**
 * Runs `send` once the host has read everything that arrived in this turn of the event loop.
 * Without `setImmediate`, `send` runs in a microtask, before the next socket is read: a timer is
 * slower.
 */
export function endOfTurn(send: () => void): void {
  if (hostGlobal("setImmediate") === undefined) void Promise.resolve().then(send);
  else nextTurn(send);
}

/**
 * Resolves in the next turn of the event loop. All calls in one turn share one promise. Deliveries
 * that wait for it are answered together, so their sender is woken once and not for each answer. Do
 * not use it on Workers, where a request must not wait for what another one resolves.
 */
export const sharedTurn = (): Promise<void> =>
  (turn ??= new Promise((resolve) =>
    nextTurn(() => {
      turn = undefined;
      resolve();
    }),
  ));

let turn: Promise<void> | undefined;

function byOtherMeans(start: () => void): void {
  try {
    const setTimeout = hostGlobal("setTimeout") as SetTimeout | undefined;
    if (setTimeout !== undefined && !isFake(setTimeout)) return void setTimeout(start, 0);
    if (hostGlobal("MessageChannel") !== undefined) return byMessage(start);
  } catch {
    // The microtask below always works.
  }
  void Promise.resolve().then(start);
}

/** Test libraries do not fake a `MessageChannel`. */
function byMessage(callback: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.addEventListener("message", () => {
    port1.close();
    callback();
  });
  port1.start();
  port2.postMessage(undefined);
}

function once(callback: () => void): () => void {
  let called = false;
  return () => {
    if (called) return;
    called = true;
    callback();
  };
}
