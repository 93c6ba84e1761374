import { warning } from "./emit.ts";
import type { Emit, WarningCode } from "./events.ts";

/** Warns once about each outage, and not about each failure in it. */
export interface Outage {
  failed(why: string, code?: WarningCode): void;
  /** The other side has answered, so the outage is over. The next failure begins another one. */
  over(): void;
}

/**
 * Outages of the store: for deliveries, and for the loop's checks. The two share one
 * warning. The warnings must also be true of a fault that lasts until a person acts.
 */
export interface StoreOutage extends Outage {
  readonly checks: Outage;
}

export function createStoreOutage(emit: Emit): StoreOutage {
  const shared = { isWarned: false };
  const outage = (subject: string): Outage =>
    createOutage(emit, "store_unavailable", (why) => `${subject} ${why}`, shared);
  return {
    ...outage("Deliveries are answered 503 until they can be stored."),
    checks: outage("Due jobs wait until the store can be asked for them."),
  };
}

export const createApiOutage = (emit: Emit): Outage =>
  createOutage(
    emit,
    "api_unavailable",
    (why) =>
      `Expected jobs and unconfirmed results wait until the provider's API can be asked for them. ${why}`,
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
