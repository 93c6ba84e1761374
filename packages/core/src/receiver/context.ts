import { refOf } from "../auth/binding.ts";
import type { Lease } from "../store/job-store.ts";
import { signalOf, type Cancellation } from "./cancellation.ts";
import type { HandlerContext } from "./receiver-options.ts";

const CANCELLATION = Symbol("cancellation");

/** A context while it is made. */
export type Context = { -readonly [K in keyof HandlerContext]: HandlerContext[K] } & {
  [CANCELLATION]: Cancellation;
};

// On a prototype: a getter in a literal is defined anew for every context, at the cost of a parse.
const withSignal: Pick<HandlerContext, "signal"> & ThisType<Context> = {
  get signal() {
    return signalOf(this[CANCELLATION]);
  },
};

/** What the callback is given along with a result. */
export function createContext(lease: Lease, cancellation: Cancellation): Context {
  const context = Object.create(withSignal) as Context;
  context[CANCELLATION] = cancellation;
  context.jobId = lease.jobId;
  context.attempt = lease.attempt;
  context.fence = lease.fence;
  context.source = lease.source;
  context.receivedAtMs = lease.receivedAtMs;
  const ref = refOf(lease.binding);
  if (ref !== undefined) context.ref = ref;
  return context;
}
