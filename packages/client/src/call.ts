import type { ApiRequest } from "./api-request.ts";
import type { Blame } from "./blame.ts";
import { openBudget } from "./budget.ts";
import { exchange } from "./exchange.ts";
import type { Host } from "./host.ts";
import { judge } from "./judge.ts";
import type { Settings } from "./settings.ts";

const MOST_ATTEMPTS = 3;
const FIRST_PAUSE_MS = 500;

/**
 * Sends a request until there is an answer, at most three times and within `timeoutMs` in all.
 * Answers the body; `undefined` when it is a job's and there is no such job.
 *
 * @throws AbstraktWebhookError `api_refused`, `api_unavailable` or `api_unexpected`; or the reason
 * of the caller's signal.
 */
export async function call(
  settings: Settings,
  host: Host,
  blame: Blame,
  request: ApiRequest,
  caller?: AbortSignal,
): Promise<unknown> {
  caller?.throwIfAborted();
  const budget = openBudget(host, settings.timeoutMs, caller);
  try {
    for (let attempt = 1; ; attempt += 1) {
      const came = await budget.within(exchange(settings, request, budget.signal));
      const verdict = judge(request, came, blame, host.date());
      if (verdict.kind === "answered") return verdict.value;
      const { error, again } = verdict;
      const pauseMs = toPause(attempt, error.retryAfterMs, host.random());
      if (!again || attempt === MOST_ATTEMPTS || pauseMs >= budget.leftMs()) throw error;
      await host.sleep(pauseMs, budget.signal);
    }
  } catch (thrown) {
    if (!budget.timedOut()) throw thrown;
    const got = `no whole answer within ${settings.timeoutMs} ms`;
    throw blame(request, "api_unavailable", got, "Try again later, or raise `timeoutMs`.", {
      ...(request.method === "POST" && { mayHaveStarted: true }),
    });
  } finally {
    budget.close();
  }
}

/** Doubles, and scatters what failed together; never shorter than what the provider asks for. */
function toPause(attempt: number, retryAfterMs: number | undefined, random: number): number {
  const pauseMs = FIRST_PAUSE_MS * 2 ** (attempt - 1);
  const scatteredMs = (pauseMs * (1 + random)) / 2;
  return retryAfterMs === undefined ? scatteredMs : retryAfterMs + scatteredMs;
}
