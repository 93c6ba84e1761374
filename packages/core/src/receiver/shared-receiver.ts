import { checkedFor, invalidOptions } from "../errors.ts";
import { describe, expected, requireDuration, requireFunction, requireKnown } from "../checks.ts";
import { isThenable } from "../when-ready.ts";
import { createReceiver } from "./create-receiver.ts";
import type { Receiver } from "./receiver.ts";
import type { ReceiverOptions } from "./receiver-options.ts";

const CALLBACK_NAMES = ["onSucceeded", "onFailed", "onDead", "onEvent"] as const;

/** The options of a receiver that a later call of `sharedReceiver` replaces. */
export type Callbacks = Pick<ReceiverOptions, (typeof CALLBACK_NAMES)[number]>;

/** The options of a shared receiver that its first call decides. */
export type SharedOptions = Omit<ReceiverOptions, keyof Callbacks>;

interface Shared {
  readonly receiver: Receiver;
  replaceCallbacks(callbacks: Callbacks): void;
}

type Registry = Map<string, Shared>;

/** On the global object, so that two copies of this module share it. */
const REGISTRY = Symbol.for("abstrakt-webhooks.shared-receivers");

/**
 * Returns one receiver for each process and name, even if a framework evaluates a module more than
 * once. Some frameworks evaluate it separately for their routes, pages and start, and again after
 * each saved file in development.
 *
 * The first call runs `make` and creates the receiver. A later call with the same name returns that
 * receiver, does not run `make`, and replaces all callbacks, from the next run on. So open pools
 * and stores inside `make`. After `drain()` the name is free, and the next call creates a new
 * receiver.
 *
 * A callback may run in the module instance that was evaluated last: keep state in the store, not
 * in variables. Each process has its own receivers. So has each JavaScript realm, such as an edge
 * runtime beside Node.
 *
 * @param name 1 to 64 visible ASCII characters.
 * @throws AbstraktWebhookError `invalid_options`; whatever `make` throws. The name then stays free.
 *
 * @example
 * ```ts
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
  return shareReceiver(sharedReceiver, createReceiver, name, callbacks, make);
}

/**
 * `sharedReceiver` for an adapter with a `createReceiver` of its own.
 *
 * @param caller the function that users call. An error's stack begins at that call.
 * @param isEnding whether the process ends. A receiver that drains then keeps its name, because
 * nobody would drain the receiver of the next call.
 */
export function shareReceiver(
  caller: (...args: never[]) => unknown,
  create: (options: ReceiverOptions) => Receiver,
  name: string,
  callbacks: Callbacks,
  make: () => SharedOptions,
  isEnding: () => boolean = () => false,
): Receiver {
  checkedFor(caller, () => requireArguments(name, callbacks, make));
  const registry = sharedReceivers();
  const known = registry.get(name);
  if (known !== undefined) {
    known.replaceCallbacks(callbacks);
    return known.receiver;
  }
  let latest = callbacks;
  // `make` runs outside `checkedFor`, so that its errors keep their own stack.
  const options = make();
  const receiver = checkedFor(caller, () => create(withCallbacks(options, () => latest)));
  const shared: Shared = {
    receiver: {
      ...receiver,
      async drain(o) {
        if (o?.timeoutMs !== undefined) requireDuration("timeoutMs", o.timeoutMs);
        // The next call must get a receiver that accepts results, even while this one drains.
        if (registry.get(name) === shared && !isEnding()) registry.delete(name);
        return receiver.drain(o);
      },
    },
    replaceCallbacks(newer) {
      latest = newer;
    },
  };
  registry.set(name, shared);
  return shared.receiver;
}

const sharedReceivers = (): Registry =>
  ((globalThis as { [REGISTRY]?: Registry })[REGISTRY] ??= new Map());

/** Options that look each callback up when it is called. */
function withCallbacks(options: SharedOptions, latest: () => Callbacks): ReceiverOptions {
  if (isThenable(options)) {
    throw invalidOptions(
      "Expected `make` to return receiver options, got a promise. It must not be async: put what needs `await` before the call.",
    );
  }
  if (typeof options !== "object" || options === null) {
    throw invalidOptions(
      `Expected \`make\` to return receiver options such as { auth: "none" }, got ${describe(options)}.`,
    );
  }
  const misplaced = CALLBACK_NAMES.find((name) => name in options);
  if (misplaced !== undefined) {
    throw invalidOptions(
      `Expected \`make\` to return options without callbacks, got \`${misplaced}\`. Pass it in \`callbacks\`.`,
    );
  }
  const lookUps = CALLBACK_NAMES.map((name) => {
    const get = () => latest()[name];
    return [name, { enumerable: true, get }] as const;
  });
  return Object.defineProperties({ ...options }, Object.fromEntries(lookUps));
}

function requireArguments(name: unknown, callbacks: Callbacks, make: unknown): void {
  if (typeof name !== "string" || !/^[!-~]{1,64}$/.test(name)) {
    const came = typeof name === "string" ? `"${name.slice(0, 100)}"` : describe(name);
    throw invalidOptions(`Expected \`name\` to be 1 to 64 visible ASCII characters, got ${came}.`);
  }
  if (typeof callbacks !== "object" || callbacks === null) {
    throw expected("callbacks", "an object such as { onSucceeded }", callbacks);
  }
  requireKnown("callbacks.", CALLBACK_NAMES, callbacks);
  for (const key of CALLBACK_NAMES) {
    if (callbacks[key] !== undefined) requireFunction(`callbacks.${key}`, callbacks[key]);
  }
  requireFunction("make", make);
}
