import { defaultStore } from "#default-store";
import { captureContext, type InOwnContext } from "../async-context.ts";
import type { Auth } from "../auth/auth.ts";
import { combineAuths, type CombinedAuth } from "../auth/combine-auths.ts";
import {
  describe,
  expected,
  requireClient,
  requireFunction,
  requireInteger,
  requireKnown,
} from "../checks.ts";
import { type Clock, monotonicClock } from "../clock.ts";
import { createDeadline, type Deadline } from "../deadline.ts";
import { invalidOptions } from "../errors.ts";
import type { JobStore } from "../store/job-store.ts";
import { createReadiness, type Readiness } from "../store/readiness.ts";
import { createStoreCall, type StoreCall } from "../store/store-call.ts";
import { isThenable } from "../when-ready.ts";
import type { ReceiverOptions } from "./receiver-options.ts";

/** The options, checked once and with every default filled in. */
export interface Settings {
  readonly options: ReceiverOptions;
  readonly auth: CombinedAuth;
  readonly store: JobStore;
  readonly storeIsDefault: boolean;
  /**
   * Whether results stay in the store, because there is no callback for them here, and another process
   * may have one. A shared receiver's callbacks can be replaced.
   */
  leavesResults(): boolean;
  readonly ack: "stored" | "handled";
  readonly retry: { maxAttempts: number; minDelayMs: number; maxDelayMs: number };
  readonly poll: { afterMs: number; everyMs: number; giveUpAfterMs: number };
  readonly limits: {
    maxBodyBytes: number;
    concurrency: number;
    leaseMs: number;
    handlerTimeoutMs: number;
    storeTimeoutMs: number;
    bodyTimeoutMs: number;
    ackTimeoutMs: number;
  };
  readonly deadlines: {
    readonly body: Deadline;
    readonly store: Deadline;
    readonly handler: Deadline;
    readonly lease: Deadline;
  };
  readonly callStore: StoreCall;
  readonly readiness: Readiness;
  /** For durations. */
  readonly now: Clock;
  /** Runs code that belongs to no request: retries, polls, and the jobs that they claim. */
  readonly inOwnContext: InOwnContext;
}

const OPTION_NAMES: readonly (keyof ReceiverOptions)[] = [
  "auth",
  "onSucceeded",
  "onFailed",
  "onDead",
  "onEvent",
  "store",
  "client",
  "ack",
  "background",
  "retry",
  "poll",
  "limits",
  "instrumentation",
  "clock",
];
const RETRY = { maxAttempts: 10, minDelayMs: 2_000, maxDelayMs: 3_600_000 };
const POLL = { afterMs: 60_000, everyMs: 30_000, giveUpAfterMs: 86_400_000 };
const LIMITS = {
  maxBodyBytes: 262_144,
  concurrency: 100,
  leaseMs: 60_000,
  handlerTimeoutMs: 300_000,
  storeTimeoutMs: 4_000,
  bodyTimeoutMs: 5_000,
  ackTimeoutMs: 8_000,
};

/**
 * @throws AbstraktWebhookError `invalid_options`. It names the option, what it takes and its value.
 */
export function toSettings(options: ReceiverOptions): Settings {
  if (typeof options !== "object" || options === null) {
    throw invalidOptions(
      `Expected receiver options such as { auth: "none", onSucceeded }, got ${describe(options)}.`,
    );
  }
  if (isThenable(options)) {
    throw invalidOptions("Expected receiver options, got a promise. Put `await` before it.");
  }
  requireKnown("", OPTION_NAMES, options);
  const { ack = "stored", background = "auto", store } = options;
  if (ack !== "stored" && ack !== "handled") {
    throw expected("ack", '"stored" or "handled"', ack);
  }
  if (background !== "auto") requireFunction("background", background);
  for (const name of ["onSucceeded", "onFailed", "onDead", "onEvent", "clock"] as const) {
    if (options[name] !== undefined) requireFunction(name, options[name]);
  }
  if (store !== undefined && typeof store?.ingest !== "function") {
    throw expected("store", "a JobStore such as memoryStore()", store);
  }
  const { client, instrumentation } = options;
  if (instrumentation !== undefined) {
    for (const name of ["attach", "arrived", "around"] as const) {
      requireFunction(`instrumentation.${name}`, instrumentation?.[name]);
    }
  }
  if (client !== undefined) requireClient(client);
  const auths = toAuths(options.auth);
  const limits = withDefaults("limits", LIMITS, options.limits);
  const inOwnContext = captureContext();
  const deadlines = {
    body: createDeadline(limits.bodyTimeoutMs, inOwnContext),
    store: createDeadline(limits.storeTimeoutMs, inOwnContext),
    handler: createDeadline(limits.handlerTimeoutMs, inOwnContext),
    lease: createDeadline(limits.leaseMs, inOwnContext),
  };
  const auth = combineAuths(auths, deadlines.body);
  if (client === undefined && auth.needsClient) {
    throw invalidOptions("Expected a `client`, here or in `refetch({ client })`, got none.");
  }
  const used = store ?? defaultStore(options.clock);
  const callStore = createStoreCall(deadlines.store, limits.storeTimeoutMs);
  const now = options.clock ?? monotonicClock;
  return {
    options,
    auth,
    store: used,
    storeIsDefault: store === undefined,
    leavesResults: () =>
      options.onSucceeded === undefined && options.onFailed === undefined && used.traits.durable,
    ack,
    retry: withDefaults("retry", RETRY, options.retry),
    poll: withDefaults("poll", POLL, options.poll),
    limits,
    deadlines,
    callStore,
    readiness: createReadiness(used, callStore, now),
    now,
    inOwnContext,
  };
}

function toAuths(auth: ReceiverOptions["auth"]): readonly Auth[] {
  if (auth === "none") return [];
  const auths = Array.isArray(auth) ? (auth as readonly Auth[]) : [auth as Auth];
  if (auths.length > 0 && auths.every(isAuth)) return auths;
  throw invalidOptions(
    `Expected \`auth\` to be an Auth with \`admit\`, \`verify\` or \`confirm\`, or a list of them, got ${describe(auth)}. Pass signedUrl({ secrets, url }), which lets in the URLs that it has minted, or "none" to leave the endpoint open.`,
  );
}

const isAuth = (one: Partial<Auth> | undefined): boolean =>
  [one?.admit, one?.verify, one?.confirm].some((step) => typeof step === "function");

function withDefaults<T extends Record<string, number>>(
  group: string,
  defaults: T,
  given: { readonly [K in keyof T]?: T[K] | undefined } = {},
): T {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw expected(group, "an object", given);
  }
  const merged: Record<string, number> = { ...defaults };
  requireKnown(`${group}.`, Object.keys(defaults), given);
  for (const [name, value] of Object.entries<unknown>(given)) {
    if (value === undefined) continue;
    requireInteger(`${group}.${name}`, value, 1);
    merged[name] = value as number;
  }
  return merged as T;
}
