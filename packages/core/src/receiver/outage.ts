import { describeCause } from "./describe-error.ts";
import type { Emit } from "./events.ts";

/** Says once in an outage of the store that deliveries are refused, since not everybody listens to `refused`. */
export interface Outage {
  refused(thrown: unknown): void;
  /** The store has answered: the next refusal begins another outage. */
  over(): void;
}

export function createOutage(emit: Emit): Outage {
  let told = false;
  return {
    refused(thrown) {
      if (told) return;
      told = true;
      emit({
        type: "warning",
        error: {
          code: "store_unavailable",
          message: `Deliveries are answered 503 until they can be stored. ${describeCause(thrown)}`,
        },
      });
    },
    over() {
      told = false;
    },
  };
}
