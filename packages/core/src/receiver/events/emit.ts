import { wallClock, type Clock } from "../../clock.ts";
import { isThenable } from "../../when-ready.ts";
import { createConsoleListener } from "./console.ts";
import { describeError, toText } from "./describe-error.ts";
import type { Emit, EventBody, ReceiverEvent, WarningCode } from "./events.ts";

/** The events of one receiver and who listens to them. */
export interface Events {
  readonly emit: Emit;
  /** Adds a listener, and what to call when the receiver drains. Returns what removes both. */
  subscribe(listener: (event: ReceiverEvent) => void, onDrain?: () => void): () => void;
  /** Tells the subscribers that the receiver drains. */
  announceDrain(): void;
  /** Whether anybody but the console listens. */
  isHeard(): boolean;
}

/**
 * Without `onEvent` the console gets what a person must know.
 *
 * @param onEvent answers the listener of now: a shared receiver's is replaced by later calls.
 * @param advice what the console says about a 401, by its reason.
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
      // Not copied: `cause` and `payload` are not enumerable.
      const event = Object.assign(body, { atMs: clock() }) as ReceiverEvent;
      const first = onEvent() ?? print;
      void guarded("onEvent", () => first(event));
      for (const listener of subscribers.keys())
        void guarded("a subscriber", () => listener(event));
    },
    subscribe(listener, onDrain) {
      // A function of its own, so that one listener can subscribe twice.
      const subscriber = (event: ReceiverEvent): void => listener(event);
      subscribers.set(subscriber, onDrain);
      return () => void subscribers.delete(subscriber);
    },
    announceDrain() {
      for (const onDrain of subscribers.values()) {
        if (onDrain) void guarded("a subscriber", onDrain);
      }
    },
    isHeard: () => onEvent() !== undefined || subscribers.size > 0,
  };
}

/** The body of a `warning`. */
export const warning = (code: WarningCode, message: string, jobId?: string): EventBody => ({
  type: "warning",
  ...(jobId !== undefined && { jobId }),
  error: { code, message },
});

/** Adds what no logger is to print unasked: it can be read by name and is not enumerable. */
export function withHidden<E extends EventBody>(
  body: E,
  name: "cause" | "payload",
  value: unknown,
): E {
  if (value !== undefined) Object.defineProperty(body, name, { value });
  return body;
}

/**
 * Runs a user's listener; what it throws or rejects with goes to the console and harms nothing. No
 * promise where the listener is synchronous: three of them are called for every result.
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
