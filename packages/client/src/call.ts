import type { ApiRequest } from "./api-request.ts";
import type { ToApiError } from "./api-error.ts";
import { openBudget } from "./budget.ts";
import { exchange } from "./exchange.ts";
import type { Host } from "./host.ts";
import { toOutcome } from "./outcome.ts";
import type { Settings } from "./settings.ts";

const MAX_ATTEMPTS = 3;
const FIRST_PAUSE_MS = 500;

/**
 * Sends a request until the provider answers, at most three times and within `timeoutMs` in all.
 * Resolves to the parsed body, or to `undefined` when `getJob` asks for an unknown job.
 *
 * @throws AbstraktWebhookError `api_refused`, `api_unavailable` or `api_unexpected`. When the
 * caller's signal aborts, its reason is thrown.
 */
export async function call(
  settings: Settings,
  host: Host,
  toApiError: ToApiError,
  request: ApiRequest,
  caller?: AbortSignal,
): Promise<unknown> {
  caller?.throwIfAborted();
  const budget = openBudget(host, settings.timeoutMs, caller);
  try {
    for (let attempt = 1; ; attempt += 1) {
      const exchanged = await budget.within(exchange(settings, request, budget.signal));
      const outcome = toOutcome(request, exchanged, toApiError, host.date());
      if (outcome.kind === "answered") return outcome.value;
      const { error, retryable } = outcome;
      const pauseMs = toPause(attempt, error.retryAfterMs, host.random());
      if (!retryable || attempt === MAX_ATTEMPTS || pauseMs >= budget.leftMs()) throw error;
      await host.sleep(pauseMs, budget.signal);
    }
  } catch (thrown) {
    if (!budget.timedOut()) throw thrown;
    const got = `no whole answer within ${settings.timeoutMs} ms`;
    throw toApiError(request, "api_unavailable", got, "Try again later, or raise `timeoutMs`.", {
      ...(request.method === "POST" && { mayHaveStarted: true }),
    });
  } finally {
    budget.close();
  }
}

/** The pause doubles with each attempt and has jitter. It is never shorter than `Retry-After`. */
function toPause(attempt: number, retryAfterMs: number | undefined, random: number): number {
  const pauseMs = FIRST_PAUSE_MS * 2 ** (attempt - 1);
  const jitteredMs = (pauseMs * (1 + random)) / 2;
  return retryAfterMs === undefined ? jitteredMs : retryAfterMs + jitteredMs;
}
