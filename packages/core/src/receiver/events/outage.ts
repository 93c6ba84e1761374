import { warning } from "./emit.ts";
import type { Emit, WarningCode } from "./events.ts";

/** Warns once about each outage, and not about each failure in it. */
export interface Outage {
  failed(why: string, code?: WarningCode): void;
  /** The other side has answered, so the outage is over. The next failure begins another one. */
  over(): void;
}

export const createStoreOutage = (emit: Emit): Outage =>
  createOutage(
    emit,
    "store_unavailable",
    (why) => `Deliveries are answered 503 until they can be stored. ${why}`,
  );

export const createApiOutage = (emit: Emit): Outage =>
  createOutage(
    emit,
    "api_unavailable",
    (why) =>
      `The provider's API cannot be asked for jobs (${why}). Expected jobs and unconfirmed results wait; it is asked again until it answers.`,
  );

function createOutage(emit: Emit, usual: WarningCode, message: (why: string) => string): Outage {
  let warned = false;
  return {
    failed(why, code = usual) {
      if (!warned) emit(warning(code, message(why)));
      warned = true;
    },
    over() {
      warned = false;
    },
  };
}
