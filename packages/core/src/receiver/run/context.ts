import { unsupported } from "../../errors.ts";
import type { Lease } from "../../store/job-store.ts";
import type { HandlerContext } from "../receiver-options.ts";

const CANCELLATION = Symbol("cancellation");

/** A context while it is made. */
export type Context = { -readonly [K in keyof HandlerContext]: HandlerContext[K] } & {
  [CANCELLATION]: Cancellation;
};

// On a prototype: a getter in a literal would be defined for every context, which costs as much as
// parsing a payload.
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

/** The second argument of the callback. */
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

/** Whether an attempt was cut off, and its abort signal, which is made when it is first read. */
export interface Cancellation {
  reason: CancelReason | undefined;
  controller: AbortController | undefined;
  onCancel: ((reason: CancelReason) => void) | undefined;
  /** A confirmation is under way, so the callback has not begun. */
  confirming: boolean;
}

export const createCancellation = (): Cancellation => ({
  reason: undefined,
  controller: undefined,
  onCancel: undefined,
  confirming: false,
});

/** On demand: an AbortController costs more than everything else that an attempt needs. */
function signalOf(cancellation: Cancellation): AbortSignal {
  if (cancellation.controller === undefined) {
    cancellation.controller = new AbortController();
    abort(cancellation);
  }
  return cancellation.controller.signal;
}

/** Fires the signal and calls `onCancel`. Only the first reason counts. */
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
