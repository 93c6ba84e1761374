import { invalidOptions, type Receiver } from "@abstrakt-webhooks/core/adapter";
import type { Context } from "hono";

/** The key of the receiver on hosts without `c.env`. */
const NO_ENV = {};

/** Calls `make` once for each `c.env` object. Warns once if every request has an `env` of its own. */
export function oncePerEnv(make: (c: Context) => Receiver): (c: Context) => Receiver {
  const made = new WeakMap<object, Receiver>();
  let first: Receiver | undefined;
  let isWarned = false;
  return (c) => {
    const env: object = c.env ?? NO_ENV;
    const known = made.get(env);
    if (known !== undefined) return known;
    const receiver = requireReceiver(make(c));
    made.set(env, receiver);
    first ??= receiver;
    if (receiver !== first && !isWarned && isOfOneRequest(env)) {
      isWarned = true;
      console.warn(`[abstrakt-webhooks] ${NEW_ENV}`);
    }
    return receiver;
  };
}

function requireReceiver(made: unknown): Receiver {
  if (typeof (made as Receiver | undefined)?.handle === "function") return made as Receiver;
  const isPromise = typeof (made as { then?: unknown } | undefined)?.then === "function";
  const [got, advice] = isPromise
    ? ["a promise", "It must not be async: put what needs `await` before the call."]
    : [typeof made, "Return what `createReceiver(options)` makes."];
  throw invalidOptions(
    `Expected the function of \`abstraktWebhook\` to return a receiver, got ${got}. ${advice}`,
  );
}

/** Keys of an `env` that Hono's servers make for one request: Node, Deno, Lambda, Lambda@Edge. */
const KEYS = ["incoming", "remoteAddr", "lambdaContext", "callback"];

const isOfOneRequest = (env: object): boolean => KEYS.some((key) => key in env);

const NEW_ENV =
  "The function in `abstraktWebhook((c) => ...)` returned a second receiver. On this host `c.env` is a new object for every request, so the function is called for every request. If it makes a receiver, no receiver knows what another has received: make one when the module loads, and pass it instead of the function.";
