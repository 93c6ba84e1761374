import { hostGlobal, isFake } from "./host.ts";

type SetImmediate = (callback: () => void) => unknown;
type SetTimeout = (callback: () => void, delayMs: number) => unknown;

/**
 * Runs `callback` in the next turn of the event loop, by the first of the host's means that works;
 * `onRefusal` is called with what its `setImmediate` has thrown. Never throws. A faked
 * `setImmediate` need not be fired by the test: the callback runs once, by whatever is first.
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
 * Runs `send` once everything that arrived in this turn of the event loop has been read. Without
 * `setImmediate` it runs in a microtask, before the next socket is read: a timer would be slower.
 */
export function endOfTurn(send: () => void): void {
  if (hostGlobal("setImmediate") === undefined) void Promise.resolve().then(send);
  else nextTurn(send);
}

function byOtherMeans(start: () => void): void {
  try {
    const setTimeout = hostGlobal("setTimeout") as SetTimeout | undefined;
    if (setTimeout !== undefined && !isFake(setTimeout)) return void setTimeout(start, 0);
    if (hostGlobal("MessageChannel") !== undefined) return byMessage(start);
  } catch {
    // A promise is left, as always.
  }
  void Promise.resolve().then(start);
}

/** A turn that no test fakes. */
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
