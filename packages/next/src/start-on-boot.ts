import type { DrainReport, Receiver } from "@abstrakt-webhooks/core";
import { isBuilding, nodeProcess, type NodeProcess } from "./host.ts";

/** A key of the global object. If Next evaluates this module again, no second listener is added. */
const BOOTED = Symbol.for("abstrakt-webhooks.next.booted");

/**
 * Starts a receiver with the server, and drains it before the server ends. Call it in `register` of
 * `instrumentation.ts`. It does nothing in an edge runtime and while `next build` runs.
 *
 * On SIGTERM the receiver drains for 10 seconds at most. The server still answers requests during
 * the drain. Then the process ends:
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
  const global = globalThis as { [BOOTED]?: Set<Receiver> };
  if (global[BOOTED] === undefined) {
    const booted = (global[BOOTED] = new Set<Receiver>());
    drainOnTerminate(host, booted);
  }
  global[BOOTED].add(receiver);
  receiver.start();
}

function drainOnTerminate(host: NodeProcess, booted: ReadonlySet<Receiver>): void {
  // Next's own listener exits the process, so it is removed here and called after the drain.
  const held = host.listeners("SIGTERM");
  for (const listener of held) host.off("SIGTERM", listener);
  let terminating = false;
  const terminate = async (): Promise<void> => {
    if (terminating) return;
    terminating = true;
    const drains = await Promise.allSettled([...booted].map((receiver) => receiver.drain()));
    for (const listener of held) listener("SIGTERM");
    const isAlone = held.length + host.listeners("SIGTERM").length === 1;
    if (isAlone) host.exit(drains.every(keptAll) ? 0 : 1);
  };
  host.on("SIGTERM", () => void terminate());
}

const keptAll = (drain: PromiseSettledResult<DrainReport>): boolean =>
  drain.status === "fulfilled" && drain.value.lost === 0;
