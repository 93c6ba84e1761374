import { openBudget } from "../budget.ts";
import type { Host } from "../host.ts";
import type { OutputSettings } from "./settings.ts";

/** The reason for ending a wait: the server has sent nothing for `timeoutMs`. */
export const SILENT = Symbol("silent");

/**
 * Waits for bytes, at most `timeoutMs`.
 *
 * @throws the reason of the caller's signal; what `work` rejects with.
 */
export async function withinSilence<T>(
  host: Host,
  { timeoutMs, signal }: OutputSettings,
  work: Promise<T>,
): Promise<T | typeof SILENT> {
  signal?.throwIfAborted();
  const budget = openBudget(host, timeoutMs, signal);
  try {
    return await budget.within(work);
  } catch (thrown) {
    if (budget.timedOut()) return SILENT;
    throw thrown;
  } finally {
    budget.close();
  }
}
