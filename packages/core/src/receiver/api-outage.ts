import type { Emit, EventError } from "./events.ts";

/** Says once in an outage of the provider's API that nothing can be learned from it. */
export interface ApiOutage {
  failed(error: EventError): void;
  /** It has answered, whatever it said: the next failure begins another outage. */
  over(): void;
}

export function createApiOutage(emit: Emit): ApiOutage {
  let told = false;
  return {
    failed({ code, message }) {
      if (told) return;
      told = true;
      emit({
        type: "warning",
        error: {
          code: "api_unavailable",
          message: `The provider's API cannot be asked for jobs (${code}: ${message}). Expected jobs and unconfirmed results wait; it is asked again until it answers.`,
        },
      });
    },
    over() {
      told = false;
    },
  };
}
