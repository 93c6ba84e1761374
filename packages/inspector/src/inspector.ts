import type { Receiver } from "@abstrakt-webhooks/core";
import { checkedFor } from "@abstrakt-webhooks/core/adapter";
import { wallClock } from "./clock.ts";
import { inspectSource, type Inspector, type InspectorOptions } from "./inspect-source.ts";
import { receiverSource } from "./source/receiver-source.ts";

/**
 * Makes a page that shows the jobs of a receiver as they come: what is dead, what was repeated and
 * what contradicted. Mount it in the process that has the callbacks: its timelines are what this
 * process has seen since this call, on top of what the store's rows know.
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
