import type { DrainReport, Receiver } from "@abstrakt-webhooks/core";
import { isBuilding, nodeProcess, type NodeProcess } from "./host.ts";

/** A key of the global object. If Next evaluates this module again, no second listener is added. */
const BOOTED = Symbol.for("abstrakt-webhooks.next.booted");

interface Booted {
  readonly receivers: Set<Receiver>;
  isTerminating: boolean;
}

const globals = globalThis as { [BOOTED]?: Booted };

/** Whether `startOnBoot` drains its receivers, or has drained them, because the process ends. */
export const isTerminating = (): boolean => globals[BOOTED]?.isTerminating === true;

/**
 * Starts a receiver with the server, and drains it before the server ends. Call it in `register` of
 * `instrumentation.ts`. It does nothing in an edge runtime and while `next build` runs.
 *
 * On SIGTERM the receiver drains for 10 seconds at most. The server still answers requests during
 * the drain, also from modules that Next evaluates only then: `sharedReceiver` gives them the
 * receiver that drains. Then the process ends:
 * - `next start` and the standalone server: Next closes the server and exits with its own exit code
 *   (143 in Next 16, 0 in Next 15). If a SIGTERM listener exists when you call `startOnBoot`, such
 *   as Next's, it is called after the drain.
 * - with `NEXT_MANUAL_SIG_HANDLE`: `startOnBoot` exits with 0, or with 1 if accepted results were
 *   lost. Only a memory store can lose them. If your code has a SIGTERM listener, that listener
 *   must exit instead.
 *
 * Other signals are not caught.
 *
 * @example
 * ```ts
 * // instrumentation.ts
 * export async function register() {
 *   if (process.env.NEXT_RUNTIME === "nodejs") {
 *     const { receiver } = await import("./receiver");
 *     startOnBoot(receiver);
 *   }
 * }
 * ```
 */
export function startOnBoot(receiver: Receiver): void {
  const host = nodeProcess();
  if (host === undefined || isBuilding()) return;
  if (globals[BOOTED] === undefined) {
    globals[BOOTED] = { receivers: new Set(), isTerminating: false };
    drainOnTerminate(host, globals[BOOTED]);
  }
  globals[BOOTED].receivers.add(receiver);
  receiver.start();
}

function drainOnTerminate(host: NodeProcess, booted: Booted): void {
  // Next's own listener exits the process, so it is removed here and called after the drain.
  const held = host.listeners("SIGTERM");
  for (const listener of held) host.off("SIGTERM", listener);
  const terminate = async (): Promise<void> => {
    if (booted.isTerminating) return;
    booted.isTerminating = true;
    // Counted before the drain: Node removes a `once` listener when it has called it.
    const isAlone = held.length + host.listeners("SIGTERM").length === 1;
    const { receivers } = booted;
    const drains = await Promise.allSettled([...receivers].map((receiver) => receiver.drain()));
    for (const listener of held) listener("SIGTERM");
    if (isAlone) host.exit(drains.every(keptAll) ? 0 : 1);
  };
  host.on("SIGTERM", () => void terminate());
}

const keptAll = (drain: PromiseSettledResult<DrainReport>): boolean =>
  drain.status === "fulfilled" && drain.value.lost === 0;
