import { unsupported } from "../../errors.ts";
import type { Lease } from "../../store/job-store.ts";
import type { HandlerContext } from "../receiver-options.ts";

const CANCELLATION = Symbol("cancellation");

/** A context whose members can still be set. */
export type Context = { -readonly [K in keyof HandlerContext]: HandlerContext[K] } & {
  [CANCELLATION]: Cancellation;
};

// These members are on a prototype. A getter in a literal would be defined for every context, which
// costs as much as parsing a payload.
const shared: Pick<HandlerContext, "signal" | "settleIn"> & ThisType<Context> = {
  get signal() {
    return signalOf(this[CANCELLATION]);
  },
  settleIn: () =>
    Promise.reject(
      unsupported(
        "`ctx.settleIn` needs a store with transactions, such as postgresStore or sqliteStore. Without one, make the callback's own writes idempotent by `job_id`.",
      ),
    ),
};

/** Makes the second argument of the callback. */
export function createContext(
  lease: Lease,
  ref: string | undefined,
  cancellation: Cancellation,
): Context {
  const context = Object.create(shared) as Context;
  context[CANCELLATION] = cancellation;
  context.jobId = lease.jobId;
  context.attempt = lease.attempt;
  context.fence = lease.fence;
  context.source = lease.source;
  context.receivedAtMs = lease.receivedAtMs;
  if (ref !== undefined) context.ref = ref;
  return context;
}

/** Why an attempt is cut off. */
export type CancelReason = "handler_timeout" | "lease_lost" | "drained";

/** Whether an attempt was cut off, and the controller of `ctx.signal`. */
export interface Cancellation {
  reason: CancelReason | undefined;
  controller: AbortController | undefined;
  onCancel: ((reason: CancelReason) => void) | undefined;
  /** True during a confirmation, which is before the callback. */
  confirming: boolean;
}

export const createCancellation = (): Cancellation => ({
  reason: undefined,
  controller: undefined,
  onCancel: undefined,
  confirming: false,
});

/** Makes `ctx.signal` when it is first read, because it costs more than the rest of an attempt. */
function signalOf(cancellation: Cancellation): AbortSignal {
  if (cancellation.controller === undefined) {
    cancellation.controller = new AbortController();
    abort(cancellation);
  }
  return cancellation.controller.signal;
}

/** Aborts `ctx.signal` and calls `onCancel`. Only the first reason counts. */
export function cancel(cancellation: Cancellation, reason: CancelReason): void {
  if (cancellation.reason !== undefined) return;
  cancellation.reason = reason;
  abort(cancellation);
  cancellation.onCancel?.(reason);
}

function abort({ controller, reason }: Cancellation): void {
  if (reason === undefined) return;
  controller?.abort(new DOMException(`The attempt was cut off: ${reason}.`, "AbortError"));
}
