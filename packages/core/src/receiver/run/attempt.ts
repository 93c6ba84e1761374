import type { Confirmation } from "../../auth/auth.ts";
import type { JobResult } from "../../job-result.ts";
import { storedResult } from "../../payload/parse-payload.ts";
import { transactionalOf } from "../../store/capabilities.ts";
import { isThenable } from "../../when-ready.ts";
import { describeError } from "../events/describe-error.ts";
import type { EventError } from "../events/events.ts";
import type { ReceiverOptions } from "../receiver-options.ts";
import {
  cancel,
  createCancellation,
  createContext,
  type Cancellation,
  type CancelReason,
  type Context,
} from "./context.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { createCompletion, settleIn, toStored, type Completion } from "./settle-in.ts";
import { noAnswer, STILL_RUNNING, toUnconfirmed, type Unconfirmed } from "./unconfirmed.ts";
import type { Run, WorkerState } from "./worker-state.ts";

/** Why an attempt failed: a description, and the thrown value if there is one. */
export interface Failure {
  readonly error: EventError;
  readonly cause?: unknown;
}

/** How one attempt ended. */
export type AttemptEnd =
  | { readonly kind: "handled" }
  | ({ readonly kind: "failed" } & Failure)
  /** The provider does not know the job. */
  | { readonly kind: "unknown" }
  /** The result is not confirmed yet. The callback has not run. */
  | Unconfirmed
  | { readonly kind: CancelReason };

/** One attempt while it runs. */
interface Attempt {
  readonly run: Run;
  readonly delivered: JobResult;
  readonly context: Context;
  readonly cancellation: Cancellation;
  readonly completion: Completion;
}

/** Confirms the result if `auth` does so, then calls the callback, with heartbeat and timeout. */
export function startAttempt(
  run: Run,
  delivered: JobResult,
): Pick<Attempt, "cancellation" | "completion"> & {
  /** No promise if the callback is synchronous. */
  readonly end: AttemptEnd | Promise<AttemptEnd>;
} {
  const { lease } = run;
  const cancellation = createCancellation();
  const completion = createCompletion(lease, delivered);
  const context = createContext(lease, run.job.ref, cancellation);
  const transactional = transactionalOf(run.state.settings.store);
  if (transactional) {
    context.settleIn = settleIn(transactional, run, cancellation, completion);
  }
  const attempt = { run, delivered, context, cancellation, completion };
  const ending = startCallback(attempt);
  const end = isThenable(ending) ? withHeartbeat(attempt, ending) : ending;
  return { end, cancellation, completion };
}

/** Calls the callback. A synchronous callback gets no promise, so that no timer is set for it. */
function startCallback(attempt: Attempt): AttemptEnd | Promise<AttemptEnd> {
  const { run, delivered, context } = attempt;
  const { settings } = run.state;
  if (settings.auth.confirm) return confirmAndCall(attempt).catch(toFailed);
  try {
    const called = callHandler(run.state, delivered, context);
    return isThenable(called) ? endOf(called) : HANDLED;
  } catch (thrown) {
    return toFailed(thrown);
  }
}

async function endOf(called: PromiseLike<unknown>): Promise<AttemptEnd> {
  try {
    await called;
    return HANDLED;
  } catch (thrown) {
    return toFailed(thrown);
  }
}

async function confirmAndCall(attempt: Attempt): Promise<AttemptEnd> {
  const { run, context, cancellation, completion } = attempt;
  cancellation.confirming = true;
  const confirmation = await confirm(attempt).catch(toUnconfirmed);
  cancellation.confirming = false;
  run.state.unexpectedJobs.end(run.lease);
  if (confirmation.kind === "running") return STILL_RUNNING;
  if (confirmation.kind !== "confirmed") return confirmation;
  run.state.apiOutage.over();
  // An attempt that was cut off during the confirmation must not start the callback.
  context.signal.throwIfAborted();
  completion.result = toStored(confirmation.result);
  // A result parsed anew, so that the callback cannot change the object that `auth` holds.
  const result = storedResult(completion.result.payload) ?? confirmation.result;
  await callHandler(run.state, result, context);
  return HANDLED;
}

async function confirm({ run, delivered, context }: Attempt): Promise<Confirmation> {
  const { auth, options } = run.state.settings;
  const { attempt, expected = false } = run.lease;
  const { client } = options;
  const o = { signal: context.signal, attempt, expected, ...(client && { client }) };
  return (await auth.confirm?.(delivered, o)) ?? { kind: "confirmed", result: delivered };
}

function callHandler(
  { settings: { options }, notices }: WorkerState,
  result: JobResult,
  context: Context,
): unknown {
  const name = result.status === "succeeded" ? "onSucceeded" : "onFailed";
  if (options[name] === undefined) return notices.noCallback(name);
  const { instrumentation } = options;
  if (instrumentation === undefined) return callCallback(options, result, context);
  return instrumentation.around(context, () => callCallback(options, result, context));
}

const callCallback = (options: ReceiverOptions, result: JobResult, context: Context): unknown =>
  result.status === "succeeded"
    ? options.onSucceeded?.(result, context)
    : options.onFailed?.(result, context);

/** Extends the lease while the callback runs, and cuts the attempt off at its timeout. */
async function withHeartbeat(
  { run, cancellation, completion }: Attempt,
  ending: Promise<AttemptEnd>,
): Promise<AttemptEnd> {
  const { settings, overruns } = run.state;
  const { store, callStore, deadlines, now, limits } = settings;
  const { leaseMs, handlerTimeoutMs } = limits;
  const extend = async (): Promise<boolean> => {
    const { lease } = run;
    const ours = await callStore(() => store.settle(lease, { to: "extend", leaseMs }));
    // A newer lease has replaced this one meanwhile.
    return ours || lease !== run.lease;
  };
  const heartbeat = startHeartbeat({
    leaseMs,
    sentAtMs: run.sentAtMs,
    now,
    extend,
    onLost: () => cancel(cancellation, "lease_lost"),
  });
  completion.heartbeat = heartbeat;
  const stopTimeout = deadlines.handler(() => cancel(cancellation, "handler_timeout"));
  const cutOff = new Promise<AttemptEnd>((resolve) => {
    cancellation.onCancel = (reason) => {
      // A confirmation that does not answer says nothing about the result.
      const isSilent = reason === "handler_timeout" && cancellation.confirming;
      if (reason !== "drained" && !cancellation.confirming) overruns.add(ending);
      resolve(isSilent ? noAnswer(handlerTimeoutMs) : { kind: reason });
    };
  });
  const end = await Promise.race([ending, cutOff]);
  // The set of cancellations may keep this one alive for a while, as `LiveMap` explains. It must not
  // keep the attempt as well.
  cancellation.onCancel = undefined;
  heartbeat.stop();
  stopTimeout();
  return end;
}

const HANDLED: AttemptEnd = { kind: "handled" };

const toFailed = (thrown: unknown): AttemptEnd => ({
  kind: "failed",
  error: describeError(thrown),
  cause: thrown,
});
