import { AbstraktWebhookError } from "../errors.ts";
import { fingerprint } from "../payload/fingerprint.ts";
import type { Delivery, Ingested, Source } from "../store/job-store.ts";
import type { Kit } from "./kit.ts";
import type { ReadPayload } from "./read-body.ts";
import type { RunEnd } from "./run.ts";
import { storeCall } from "./store-call.ts";

/** What the store said; `full` is thrown instead. */
export type Accepted = Exclude<Ingested, { kind: "full" }>;

/** A delivery that is written; `run` is there when it is ours to run, and to be called exactly once. */
export interface Acceptance {
  readonly outcome: Accepted;
  readonly run: (() => Promise<RunEnd>) | undefined;
}

/**
 * Writes a payload under its job id in one round trip, and leases it where a slot is free.
 *
 * @throws AbstraktWebhookError `store_unavailable`.
 */
export function accept(
  kit: Kit,
  { jobId, parsed, text }: ReadPayload,
  source: Source,
  binding: string | undefined,
): Promise<Acceptance> {
  const { worker, settings } = kit;
  const { store, limits } = settings;
  const result = parsed.kind === "result" ? parsed.result : undefined;
  const delivery: Delivery = {
    jobId,
    fingerprint: result && fingerprint(result),
    payload: text,
    source,
    binding,
  };
  const slots = result === undefined || kit.isDraining() ? 0 : worker.slots.take(1);
  const o = { owner: worker.owner(), leaseMs: slots * limits.leaseMs };
  const sentAtMs = settings.now();
  // The sender has had its 503 by then, but the lease is ours.
  const runLate = (late: Ingested): void => {
    if (late.kind !== "leased") return;
    worker.slots.overbook(1);
    void worker.run(late.lease, sentAtMs, result);
  };
  const written = (outcome: Ingested): Acceptance => {
    if (outcome.kind === "leased") {
      return { outcome, run: () => worker.run(outcome.lease, sentAtMs, result) };
    }
    worker.slots.free(slots);
    if (outcome.kind === "full") throw full();
    return { outcome, run: undefined };
  };
  const failed = (thrown: unknown): never => {
    worker.slots.free(slots);
    throw thrown;
  };
  return storeCall(() => store.ingest(delivery, o), limits.storeTimeoutMs, runLate).then(
    written,
    failed,
  );
}

const full = (): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "store_unavailable",
    "The store is full. Handle or prune what waits in it, or raise its bound.",
  );
