import type { Receiver } from "@abstrakt-webhooks/core";
import { checkedFor } from "@abstrakt-webhooks/core/adapter";
import { wallClock } from "./clock.ts";
import { inspectSource, type Inspector, type InspectorOptions } from "./inspect-source.ts";
import { receiverSource } from "./source/receiver-source.ts";

/**
 * Makes a page that shows the jobs of a receiver live, with dead letters, duplicates and conflicts.
 *
 * Mount it in the process that runs the callbacks. Its timelines show the events that this process
 * has seen since this call, and what the store's rows contain.
 *
 * @throws AbstraktWebhookError `invalid_options`, also without `authorize`; `unsupported` on a host
 * without `crypto`.
 *
 * @example
 * ```ts
 * const page = inspector(receiver, { authorize: (request) => isAdmin(request) });
 * app.use("/webhooks", page.node);
 * ```
 */
export function inspector(receiver: Receiver, options: InspectorOptions): Inspector {
  return checkedFor(inspector, () => inspectSource(receiverSource(receiver, wallClock), options));
}
