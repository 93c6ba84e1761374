import {
  createReceiver as createCoreReceiver,
  type Receiver,
  type ReceiverOptions,
} from "@abstrakt-webhooks/core";
import {
  checkedFor,
  shareReceiver,
  type Callbacks,
  type SharedOptions,
} from "@abstrakt-webhooks/core/adapter";
import { isBuilding } from "./host.ts";
import { isTerminating } from "./start-on-boot.ts";

/**
 * Core's `createReceiver` for Next: `start()` does nothing while `next build` evaluates the module.
 *
 * Next evaluates a module more than once. If several files import your receiver, use
 * `sharedReceiver` instead.
 *
 * @throws AbstraktWebhookError `invalid_options`.
 */
export function createReceiver(options: ReceiverOptions): Receiver {
  const receiver = checkedFor(createReceiver, () => createCoreReceiver(options));
  return {
    ...receiver,
    start() {
      if (!isBuilding()) receiver.start();
    },
  };
}

/**
 * Core's `sharedReceiver` for Next: one receiver for the routes, the pages, the actions and
 * `instrumentation.ts`. It stays the same when you save a file in `next dev`. `start()` does
 * nothing while `next build` evaluates the module.
 *
 * The first call runs `make`. A later call replaces the callbacks, from the next attempt on. After
 * `drain()` the name is free, unless `startOnBoot` drains because the process ends: a module that
 * Next evaluates then gets the receiver that drains. Node and an edge runtime have one receiver each.
 *
 * @param name 1 to 64 visible ASCII characters.
 * @throws AbstraktWebhookError `invalid_options`; whatever `make` throws. The name then stays free.
 *
 * @example
 * ```ts
 * // receiver.ts
 * export const receiver = sharedReceiver(
 *   "results",
 *   { onSucceeded: async (job) => saveResult(job.job_id, job.output.items[0]?.url) },
 *   () => ({ auth: "none", store: sqliteStore("jobs.db") }),
 * );
 * ```
 */
export function sharedReceiver(
  name: string,
  callbacks: Callbacks,
  make: () => SharedOptions,
): Receiver {
  return shareReceiver(sharedReceiver, createReceiver, name, callbacks, make, isTerminating);
}
