import { openBudget } from "../budget.ts";
import type { Host } from "../host.ts";
import type { OutputSettings } from "./settings.ts";

/** The reason for ending a wait: the server has sent nothing for `timeoutMs`. */
export const SILENT = Symbol("silent");

/**
 * Waits for bytes. Resolves to `SILENT` when none arrive within `timeoutMs`.
 *
 * @throws the error of `work`. When the caller's signal aborts, its reason is thrown.
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
