import type { Emit } from "./events.ts";
import type { ReceiverOptions, Runtime } from "./receiver.ts";

/** Keeps `work` alive after the answer, by whatever the host offers. */
export type KeepAlive = (work: Promise<void>, runtime?: Runtime) => void;

/** Globals by which hosts make themselves known; none of them is an environment variable. */
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

export function createKeepAlive(
  background: ReceiverOptions["background"],
  emit: Emit,
  host: object = globalThis,
): KeepAlive {
  if (typeof background === "function") return (work) => background(work);
  const globals = host as HostGlobals;
  let checked = false;
  return (work, runtime) => {
    if (runtime?.waitUntil) return runtime.waitUntil(work);
    for (const symbol of REQUEST_CONTEXTS) {
      const context = globals[symbol]?.get?.();
      if (context?.waitUntil) return context.waitUntil(work);
    }
    if (checked) return;
    checked = true;
    if (!freezesAfterAnswer(globals)) return;
    emit({
      type: "warning",
      error: {
        code: "no_background",
        message:
          'This host freezes after the answer and offered no waitUntil, so callbacks may stop halfway. Pass `background`, or use `ack: "handled"`, and call `tick()` from a schedule.',
      },
    });
  };
}

const freezesAfterAnswer = (globals: HostGlobals): boolean =>
  globals.navigator?.userAgent === "Cloudflare-Workers" ||
  globals.EdgeRuntime !== undefined ||
  globals.awslambda !== undefined;
