import type { DrainReport, Receiver } from "@abstrakt-webhooks/core";
import { isBuilding, nodeProcess, type NodeProcess } from "./host.ts";

/** A key of the global object: a module that Next evaluates again must add no second listener. */
const BOOTED = Symbol.for("abstrakt-webhooks.next.booted");

/**
 * Starts a receiver with the server, and drains it before the server ends. Call it in `register` of
 * `instrumentation.ts`. It does nothing in an edge runtime and while `next build` runs.
 *
 * On SIGTERM the receiver drains, for 10 seconds at most; meanwhile the server answers requests. Then
 * the process ends:
 * - `next start` and the standalone server: Next closes the server and exits, with its own exit code
 *   (143 in Next 16, 0 in Next 15). The SIGTERM listeners that exist when `startOnBoot` is called,
 *   such as Next's, are called after the drain.
 * - with `NEXT_MANUAL_SIG_HANDLE`: `startOnBoot` exits, with 0, or with 1 when accepted results were
 *   lost, which only a memory store can do. If another SIGTERM listener exists, it must exit.
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
  // Next's own listener exits as soon as the requests have ended, so it waits for the drain.
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
