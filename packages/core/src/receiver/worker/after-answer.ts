import { nextTurn } from "../../next-turn.ts";
import { guarded, warning } from "../events/emit.ts";
import type { Emit } from "../events/events.ts";
import type { ReceiverOptions } from "../receiver-options.ts";
import type { Runtime } from "../receiver.ts";

/** Asks the host to stay awake until `work` has ended. Never throws. */
export type KeepAlive = (work: Promise<void>, runtime?: Runtime) => void;

/** Globals by which the receiver recognises its host. None of them is an environment variable. */
interface HostGlobals {
  readonly navigator?: { readonly userAgent?: string };
  readonly EdgeRuntime?: string;
  readonly awslambda?: unknown;
  readonly [contexts: symbol]: { get?(): Runtime | undefined } | undefined;
}

const REQUEST_CONTEXTS = [
  Symbol.for("@vercel/request-context"),
  Symbol.for("@next/request-context"),
];

/**
 * Uses `background` if it is a function, else the `waitUntil` of the request, else the one of the
 * host's request context.
 */
export function createKeepAlive(
  background: ReceiverOptions["background"],
  emit: Emit,
  host: object = globalThis,
): KeepAlive {
  if (typeof background === "function") {
    return (work) => void guarded("background", () => background(work));
  }
  const globals = host as HostGlobals;
  let isHostChecked = false;
  let noContexts = false;
  const keepAlive: KeepAlive = (work, runtime) => {
    if (isTaken(runtime, work) || noContexts || isTaken(requestContext(globals), work)) return;
    // A host that has request contexts has them from its start.
    noContexts = REQUEST_CONTEXTS.every((symbol) => globals[symbol] === undefined);
    if (isHostChecked) return;
    isHostChecked = true;
    if (freezesAfterAnswer(globals)) emit(warning("no_background", NO_BACKGROUND));
  };
  // On some hosts, reading a global throws.
  return (work, runtime) => void guarded("waitUntil", () => keepAlive(work, runtime));
}

/**
 * Whether a `waitUntil` took the work. It did not if it threw. The Next adapter's returns `false`
 * outside a request of Next, which is no fault.
 */
function isTaken(context: Runtime | undefined, work: Promise<void>): boolean {
  let answer: unknown = false;
  if (context?.waitUntil) {
    void guarded("waitUntil", () => (answer = context.waitUntil?.(work)));
  }
  return answer !== false;
}

const NO_BACKGROUND =
  'This host freezes after the answer and offered no waitUntil, so callbacks may stop halfway. Pass `background`, or use `ack: "handled"`, and call `tick()` from a schedule.';

function requestContext(globals: HostGlobals): Runtime | undefined {
  for (const symbol of REQUEST_CONTEXTS) {
    const context = globals[symbol]?.get?.();
    if (context?.waitUntil) return context;
  }
  return undefined;
}

const freezesAfterAnswer = (globals: HostGlobals): boolean =>
  globals.navigator?.userAgent === "Cloudflare-Workers" ||
  globals.EdgeRuntime !== undefined ||
  globals.awslambda !== undefined;

/**
 * Returns a function that starts `work` after the answer, in the next turn of the event loop, and
 * asks the host to stay awake until `work` has ended. A second call of that function starts
 * nothing. It never rejects.
 */
export function workAfter(
  parts: { keepAlive: KeepAlive; notices: { refusedStart(thrown: unknown): void } },
  work: () => Promise<unknown>,
  runtime?: Runtime,
): () => Promise<void> {
  let working: Promise<void> | undefined;
  return () => {
    if (working === undefined) {
      working = new Promise((resolve) => {
        const end = (): void => resolve();
        nextTurn(() => void work().then(end, end), parts.notices.refusedStart);
      });
      parts.keepAlive(working, runtime);
    }
    return working;
  };
}
