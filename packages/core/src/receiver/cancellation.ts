/** Why a run is cut off. */
export type CancelReason = "handler_timeout" | "lease_lost" | "drained";

/** An abort signal that costs nothing until somebody looks at it. */
export interface Cancellation {
  readonly signal: AbortSignal;
  readonly reason: CancelReason | undefined;
  cancel(reason: CancelReason): void;
  /** Runs `listener` when cancelled, at once if that has happened. One listener only. */
  onCancel(listener: (reason: CancelReason) => void): void;
}

export function createCancellation(): Cancellation {
  let controller: AbortController | undefined;
  let reason: CancelReason | undefined;
  let notify: ((reason: CancelReason) => void) | undefined;

  const abort = (): void =>
    controller?.abort(new DOMException(`The attempt was cut off: ${reason}.`, "AbortError"));

  return {
    get signal() {
      if (controller === undefined) {
        controller = new AbortController();
        if (reason !== undefined) abort();
      }
      return controller.signal;
    },
    get reason() {
      return reason;
    },
    cancel(why) {
      if (reason !== undefined) return;
      reason = why;
      abort();
      notify?.(why);
    },
    onCancel(listener) {
      notify = listener;
      if (reason !== undefined) listener(reason);
    },
  };
}
