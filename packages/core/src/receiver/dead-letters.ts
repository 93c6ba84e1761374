import { unsupported } from "../errors.ts";
import type { DeadLetters, JobStore } from "../store/job-store.ts";

/** The store's dead-letter capability, found by its methods. */
export function deadLettersOf(store: JobStore): DeadLetters | undefined {
  const candidate = store as JobStore & Partial<DeadLetters>;
  const { list, redrive, stats } = candidate;
  return list && redrive && stats ? (candidate as JobStore & DeadLetters) : undefined;
}

/** @throws AbstraktWebhookError `unsupported`. */
export function requireDeadLetters(store: JobStore, method: string): DeadLetters {
  const letters = deadLettersOf(store);
  if (letters !== undefined) return letters;
  throw unsupported(`\`${method}\` needs a store with list, redrive and stats, such as the kit's.`);
}
