import { warning } from "./emit.ts";
import type { Emit, WarningCode } from "./events.ts";

/** Warns once about each outage, and not about each failure in it. */
export interface Outage {
  failed(why: string, code?: WarningCode): void;
  /** The other side has answered, so the outage is over. The next failure begins another one. */
  over(): void;
}

/** Outages of the store: for deliveries, and for the loop's checks. The two share one warning. */
export interface StoreOutage extends Outage {
  readonly checks: Outage;
}

export function createStoreOutage(emit: Emit): StoreOutage {
  const shared = { isWarned: false };
  const outage = (subject: string): Outage =>
    createOutage(emit, "store_unavailable", (why) => `${subject} ${why}`, shared);
  return {
    ...outage("Deliveries are answered 503 until they can be stored."),
    checks: outage("The store cannot be asked for due jobs. It is asked again until it answers."),
  };
}

export const createApiOutage = (emit: Emit): Outage =>
  createOutage(
    emit,
    "api_unavailable",
    (why) =>
      `The provider's API cannot be asked for jobs (${why}). Expected jobs and unconfirmed results wait; it is asked again until it answers.`,
  );

/** @param shared says whether one of the outages that share it has already warned. */
function createOutage(
  emit: Emit,
  usual: WarningCode,
  message: (why: string) => string,
  shared = { isWarned: false },
): Outage {
  let isOn = false;
  return {
    failed(why, code = usual) {
      if (!isOn && !(code === usual && shared.isWarned)) emit(warning(code, message(why)));
      isOn = true;
      shared.isWarned = true;
    },
    over() {
      isOn = false;
      shared.isWarned = false;
    },
  };
}
