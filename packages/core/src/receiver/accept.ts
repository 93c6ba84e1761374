import { AbstraktWebhookError } from "../errors.ts";
import { fingerprint } from "../payload/fingerprint.ts";
import type { Delivery, Ingested, Lease, Source } from "../store/job-store.ts";
import type { Kit } from "./kit.ts";
import type { ReadPayload } from "./read-body.ts";
import type { RunEnd } from "./run.ts";
import { storeCall } from "./store-call.ts";

/** What the store said, and for a lease what runs it: to be called exactly once. */
export type Accepted =
  | Exclude<Ingested, { kind: "leased" | "full" }>
  | { readonly kind: "leased"; run(): Promise<RunEnd> };

/**
 * Writes a payload under its job id in one round trip, and leases it where a slot is free.
 *
 * @throws AbstraktWebhookError `store_unavailable`.
 */
export async function accept(
  kit: Kit,
  { jobId, parsed, text }: ReadPayload,
  from: { source: Source; binding?: string },
): Promise<Accepted> {
  const { worker, settings } = kit;
  const { store, limits } = settings;
  const result = parsed.kind === "result" ? parsed.result : undefined;
  const delivery: Delivery = {
    jobId,
    payload: text,
    source: from.source,
    ...(result && { fingerprint: fingerprint(result) }),
    ...(from.binding !== undefined && { binding: from.binding }),
  };
  const slots = result === undefined || kit.isDraining() ? 0 : worker.slots.take(1);
  const o = { owner: worker.owner(), leaseMs: slots * limits.leaseMs };
  const sentAtMs = settings.now();
  const run = (lease: Lease) => worker.run(lease, sentAtMs, result);
  // The sender has had its 503 by then, but the lease is ours.
  const runLate = (late: Ingested): void => {
    if (late.kind !== "leased") return;
    worker.slots.overbook(1);
    void run(late.lease);
  };
  let ingested: Ingested | undefined;
  try {
    ingested = await storeCall(() => store.ingest(delivery, o), limits.storeTimeoutMs, runLate);
  } finally {
    if (ingested?.kind !== "leased") worker.slots.free(slots);
  }
  if (ingested.kind === "full") throw full();
  if (ingested.kind !== "leased") return ingested;
  const { lease } = ingested;
  return { kind: "leased", run: () => run(lease) };
}

const full = (): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "store_unavailable",
    "The store is full. Handle or prune what waits in it, or raise its bound.",
  );
