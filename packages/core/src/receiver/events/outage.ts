import { warning } from "./emit.ts";
import type { Emit, WarningCode } from "./events.ts";

/** Says once in an outage what does not work meanwhile, since not everybody listens to each failure. */
export interface Outage {
  failed(why: string): void;
  /** There was an answer, whatever it said: the next failure begins another outage. */
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

function createOutage(emit: Emit, code: WarningCode, message: (why: string) => string): Outage {
  let told = false;
  return {
    failed(why) {
      if (!told) emit(warning(code, message(why)));
      told = true;
    },
    over() {
      told = false;
    },
  };
}
