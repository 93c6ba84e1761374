import { wallClock, type Clock } from "../../clock.ts";
import { isThenable } from "../../when-ready.ts";
import { createConsoleListener } from "./console.ts";
import { describeError, toText } from "./describe-error.ts";
import type { Emit, EventBody, ReceiverEvent, WarningCode } from "./events.ts";

/** The events of one receiver, and their listeners. */
export interface Events {
  readonly emit: Emit;
  /** Adds a listener and an optional `onDrain`. Returns a function that removes both. */
  subscribe(listener: (event: ReceiverEvent) => void, onDrain?: () => void): () => void;
  /** Calls `onDrain` of every subscriber. */
  callOnDrain(): void;
  /** True when `onEvent` or a subscriber gets events. The console does not count. */
  hasListeners(): boolean;
}

/**
 * Without `onEvent`, the console prints what a person must know.
 *
 * @param onEvent returns the current listener. Later calls of `sharedReceiver` replace it.
 * @param advice what the console prints about a 401, by its reason.
 */
export function createEvents(
  onEvent: () => ((event: ReceiverEvent) => void) | undefined,
  advice: Readonly<Record<string, string>> = {},
  clock: Clock = wallClock,
): Events {
  const print = createConsoleListener(advice);
  const subscribers = new Map<(event: ReceiverEvent) => void, (() => void) | undefined>();
  return {
    emit(body) {
      // The body becomes the event: a copy would lose `cause` and `payload`, which are not enumerable.
      const event = body as EventBody & { atMs: number };
      event.atMs = clock();
      const first = onEvent() ?? print;
      void guarded("onEvent", () => first(event));
      for (const listener of subscribers.keys())
        void guarded("a subscriber", () => listener(event));
    },
    subscribe(listener, onDrain) {
      // Each subscription has its own function, so that one listener can subscribe twice.
      const subscriber = (event: ReceiverEvent): void => listener(event);
      subscribers.set(subscriber, onDrain);
      return () => void subscribers.delete(subscriber);
    },
    callOnDrain() {
      for (const onDrain of subscribers.values()) {
        if (onDrain) void guarded("a subscriber", onDrain);
      }
    },
    hasListeners: () => onEvent() !== undefined || subscribers.size > 0,
  };
}

/** Makes the body of a `warning`. */
export const warning = (code: WarningCode, message: string, jobId?: string): EventBody => ({
  type: "warning",
  ...(jobId !== undefined && { jobId }),
  error: { code, message },
});

/** Adds a property that is not enumerable, so that no logger prints it unasked. */
export function withHidden<E extends EventBody>(
  body: E,
  name: "cause" | "payload",
  value: unknown,
): E {
  if (value !== undefined) Object.defineProperty(body, name, { value });
  return body;
}

/**
 * Runs a user's listener. If it throws or rejects, the console prints the error and the receiver
 * continues. A synchronous listener gets no promise, because three listeners run for every result.
 */
export function guarded(name: string, listener: () => unknown): void | Promise<void> {
  const complain = (thrown: unknown): void =>
    console.error(`[abstrakt-webhooks] ${name} threw ${toText(describeError(thrown))}`);
  try {
    const called = listener();
    if (isThenable(called)) return Promise.resolve(called).then(() => undefined, complain);
  } catch (thrown) {
    complain(thrown);
  }
}
