import type { Confirmation } from "../../auth/auth.ts";
import type { JobResult } from "../../job-result.ts";
import { transactionalOf } from "../../store/capabilities.ts";
import type { Lease } from "../../store/job-store.ts";
import { isThenable } from "../../when-ready.ts";
import { describeError } from "../events/describe-error.ts";
import type { EventError } from "../events/events.ts";
import type { HandlerContext } from "../receiver-options.ts";
import type { Settings } from "../settings.ts";
import {
  cancel,
  type Cancellation,
  type CancelReason,
  createCancellation,
  createContext,
} from "./context.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { type Completion, createCompletion, settleIn } from "./settle-in.ts";
import { noAnswer, STILL_RUNNING, toUnconfirmed, type Unconfirmed } from "./unconfirmed.ts";

/** How one attempt ended. */
export type AttemptEnd =
  /** `result` is there when a confirmation has put its own word in place of the delivered one. */
  | { readonly kind: "handled"; readonly result?: JobResult }
  | { readonly kind: "failed"; readonly error: EventError }
  /** The provider does not know the job. */
  | { readonly kind: "unknown" }
  /** Nobody could say yet whether the result is true; the callback has not run. */
  | Unconfirmed
  | { readonly kind: CancelReason };

/** One attempt while it runs. */
export interface Attempt {
  /** No promise where the callback is synchronous. */
  readonly end: AttemptEnd | Promise<AttemptEnd>;
  readonly cancellation: Cancellation;
  /** There when the store can complete within the callback's own transaction. */
  readonly completion: Completion | undefined;
}

/** Confirms where `auth` asks for it, then calls the callback, under heartbeat and timeout. */
export function startAttempt(
  settings: Settings,
  lease: Lease,
  result: JobResult,
  sentAtMs: number,
): Attempt {
  const cancellation = createCancellation();
  const context = createContext(lease, cancellation);
  const transactional = transactionalOf(settings.store);
  const completion = transactional && createCompletion();
  if (transactional && completion) {
    const work = { lease, delivered: result };
    context.settleIn = settleIn(transactional, work, cancellation, completion);
  }
  const running = begin(settings, lease, result, context, cancellation, completion);
  const end =
    running instanceof Promise
      ? guard(settings, lease, sentAtMs, running, cancellation, completion)
      : running;
  return { end, cancellation, completion };
}

/** Keeps the lease while a callback runs, and cuts it off when its time is over. */
async function guard(
  settings: Settings,
  lease: Lease,
  sentAtMs: number,
  running: Promise<AttemptEnd>,
  cancellation: Cancellation,
  completion: Completion | undefined,
): Promise<AttemptEnd> {
  const { store, callStore, deadlines, now } = settings;
  const { leaseMs } = settings.limits;
  const extend = () => store.settle(lease, { to: "extend", leaseMs });
  const stopHeartbeat = startHeartbeat({
    leaseMs,
    sentAtMs,
    now,
    extend: () => callStore(extend),
    onLost: () => cancel(cancellation, "lease_lost"),
  });
  if (completion) completion.stopHeartbeat = stopHeartbeat;
  const stopTimeout = deadlines.handler(() => cancel(cancellation, "handler_timeout"));
  const cutOff = new Promise<AttemptEnd>((resolve) => {
    cancellation.onCancel = (reason) =>
      resolve(
        // Whoever does not answer says nothing about the result.
        reason === "handler_timeout" && cancellation.asking
          ? noAnswer(settings.limits.handlerTimeoutMs)
          : { kind: reason },
      );
  });
  const end = await Promise.race([running, cutOff]);
  stopHeartbeat();
  stopTimeout();
  return end;
}

/** The end itself where the callback is synchronous, so that no timer is set for nothing. */
function begin(
  settings: Settings,
  lease: Lease,
  result: JobResult,
  context: HandlerContext,
  cancellation: Cancellation,
  completion: Completion | undefined,
): AttemptEnd | Promise<AttemptEnd> {
  if (settings.auth.confirm) {
    const calling = confirmAndCall(settings, lease, result, context, cancellation, completion);
    return calling.catch(toFailed);
  }
  try {
    const called: unknown = callHandler(settings, result, context);
    return isThenable(called) ? outcomeOf(called) : { kind: "handled" };
  } catch (thrown) {
    return toFailed(thrown);
  }
}

async function outcomeOf(called: PromiseLike<unknown>): Promise<AttemptEnd> {
  try {
    await called;
    return { kind: "handled" };
  } catch (thrown) {
    return toFailed(thrown);
  }
}

async function confirmAndCall(
  settings: Settings,
  lease: Lease,
  delivered: JobResult,
  context: HandlerContext,
  cancellation: Cancellation,
  completion: Completion | undefined,
): Promise<AttemptEnd> {
  cancellation.asking = true;
  const confirmation = await confirm(settings, lease, delivered, context.signal).catch(
    toUnconfirmed,
  );
  cancellation.asking = false;
  if (confirmation.kind === "running") return STILL_RUNNING;
  if (confirmation.kind !== "confirmed") return confirmation;
  // Whoever was cut off while asking must not start the callback as well.
  context.signal.throwIfAborted();
  if (completion) completion.confirmed = confirmation.result;
  await callHandler(settings, confirmation.result, context);
  return { kind: "handled", result: confirmation.result };
}

async function confirm(
  { auth, options }: Settings,
  { attempt, expected = false }: Lease,
  delivered: JobResult,
  signal: AbortSignal,
): Promise<Confirmation> {
  const { client } = options;
  const o = { signal, attempt, expected, ...(client && { client }) };
  return (await auth.confirm?.(delivered, o)) ?? { kind: "confirmed", result: delivered };
}

function callHandler(
  { options }: Settings,
  result: JobResult,
  context: HandlerContext,
): void | Promise<void> {
  return result.status === "succeeded"
    ? options.onSucceeded?.(result, context)
    : options.onFailed?.(result, context);
}

const toFailed = (thrown: unknown): AttemptEnd => ({
  kind: "failed",
  error: describeError(thrown),
});
