import type { JobResult } from "../job-result.ts";
import type { Lease } from "../store/job-store.ts";
import {
  cancel,
  createCancellation,
  signalOf,
  type Cancellation,
  type CancelReason,
} from "./cancellation.ts";
import { confirm } from "./confirm.ts";
import { describeError } from "./describe-error.ts";
import type { EventError } from "./events.ts";
import { startHeartbeat } from "./heartbeat.ts";
import type { HandlerContext } from "./receiver.ts";
import type { Settings } from "./settings.ts";

/** How one attempt ended. */
export type AttemptEnd =
  /** `result` is there when a confirmation has put its own word in place of the delivered one. */
  | { readonly kind: "handled"; readonly result?: JobResult }
  | { readonly kind: "failed"; readonly error: EventError }
  /** The provider does not know the job. */
  | { readonly kind: "unknown" }
  | { readonly kind: CancelReason };

/** One attempt while it runs. */
export interface Attempt {
  /** No promise where the callback is synchronous. */
  readonly end: AttemptEnd | Promise<AttemptEnd>;
  readonly cancellation: Cancellation;
}

/** Confirms where `auth` asks for it, then calls the callback, under heartbeat and timeout. */
export function startAttempt(
  settings: Settings,
  lease: Lease,
  result: JobResult,
  sentAtMs: number,
): Attempt {
  const cancellation = createCancellation();
  const context: HandlerContext = {
    jobId: lease.jobId,
    attempt: lease.attempt,
    fence: lease.fence,
    source: lease.source,
    receivedAtMs: lease.receivedAtMs,
    get signal() {
      return signalOf(cancellation);
    },
  };
  const running = begin(settings, lease, result, context);
  const end =
    running instanceof Promise ? guard(settings, lease, sentAtMs, running, cancellation) : running;
  return { end, cancellation };
}

/** Keeps the lease while a callback runs, and cuts it off when its time is over. */
async function guard(
  settings: Settings,
  lease: Lease,
  sentAtMs: number,
  running: Promise<AttemptEnd>,
  cancellation: Cancellation,
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
  const stopTimeout = deadlines.handler(() => cancel(cancellation, "handler_timeout"));
  const cutOff = new Promise<AttemptEnd>((resolve) => {
    cancellation.onCancel = (reason) => resolve({ kind: reason });
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
): AttemptEnd | Promise<AttemptEnd> {
  if (settings.auths.some((auth) => auth.confirm)) {
    return confirmAndCall(settings, lease, result, context).catch(toFailed);
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
): Promise<AttemptEnd> {
  const confirmation = await confirm(settings, lease, delivered, context.signal);
  if (confirmation.kind === "unknown") return confirmation;
  if (confirmation.kind === "running") {
    return {
      kind: "failed",
      error: { code: "still_running", message: "The provider says that the job has not ended." },
    };
  }
  // Whoever was cut off while asking must not start the callback as well.
  context.signal.throwIfAborted();
  await callHandler(settings, confirmation.result, context);
  return { kind: "handled", result: confirmation.result };
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

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === "function";
