import { AbstraktWebhookError } from "../errors.ts";
import { fingerprint } from "../payload/fingerprint.ts";
import type { ReadPayload } from "../payload/read-payload.ts";
import type { Delivery, Ingested, Source } from "../store/job-store.ts";
import { draining, endsWithUs, type Kit } from "./parts.ts";
import { lookUp, tellDead } from "./run/dead-letter.ts";
import type { RunEnd } from "./run/worker-state.ts";

/** A payload that has come through the one door. */
export interface Intake {
  readonly jobId: string;
  readonly source: Source;
  readonly outcome: Exclude<Ingested, { kind: "full" }> | { readonly kind: "ignored" };
  /** What remains to be done once the sender has its answer: to be called exactly once. */
  readonly work: (() => Promise<RunEnd>) | undefined;
}

/**
 * The one door: every result comes through here, however it came. It is written under its job id
 * in one round trip, and leased where a slot is free.
 *
 * @throws AbstraktWebhookError `store_unavailable` or `draining`.
 */
export function intake(
  kit: Kit,
  payload: ReadPayload,
  source: Source,
  binding?: string,
): Promise<Intake> {
  const { jobId, parsed } = payload;
  if (parsed.kind === "pending") {
    return Promise.resolve({ jobId, source, outcome: { kind: "ignored" }, work: undefined });
  }
  if (endsWithUs(kit)) return Promise.reject(draining());
  return write(kit, payload, source, binding);
}

function write(
  kit: Kit,
  { jobId, parsed, text }: ReadPayload,
  source: Source,
  binding: string | undefined,
): Promise<Intake> {
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

  const written = (outcome: Ingested): Intake => {
    // What is confirmed later may be forged until then.
    if (result && isTaken(outcome) && settings.auth.confirm === undefined)
      kit.waits.tell(jobId, result);
    if (outcome.kind === "leased") {
      worker.slots.resting(1);
      const work = () => {
        worker.slots.resting(-1);
        return worker.run(outcome.lease, sentAtMs, result);
      };
      return { jobId, source, outcome, work };
    }
    worker.slots.free(slots);
    if (outcome.kind === "full") throw full();
    if (outcome.kind === "stored") kit.loop.noteBacklog();
    // Perhaps by ourselves, when a client that lost the reply has sent again: nobody runs that lease.
    if (isRunning(outcome)) kit.loop.wake(limits.leaseMs);
    if (outcome.kind !== "parked") return { jobId, source, outcome, work: undefined };
    worker.slots.overbook(1);
    return { jobId, source, outcome, work: () => tellParked(kit, jobId) };
  };
  const failed = (thrown: unknown): never => {
    worker.slots.free(slots);
    // It may be written all the same, and leased to nobody but us.
    kit.loop.wake(limits.leaseMs);
    throw thrown;
  };
  // The sender has had its 503 by then, but the lease is ours.
  const late = (outcome: Ingested): void => {
    if (outcome.kind === "stored") kit.loop.noteBacklog();
    if (outcome.kind !== "leased" && outcome.kind !== "parked") return;
    worker.slots.overbook(1);
    if (outcome.kind === "parked") void tellParked(kit, jobId);
    else void worker.run(outcome.lease, sentAtMs, result);
  };
  const ingest = () => store.ingest(delivery, o);
  return settings.callStore(ingest, late).then(written, failed);
}

const isRunning = (outcome: Ingested): boolean =>
  outcome.kind === "duplicate" && outcome.state === "leased";

const isTaken = ({ kind }: Ingested): boolean => kind === "leased" || kind === "stored";

const full = (): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "store_unavailable",
    "The store is full. Handle or prune what waits in it, or raise its bound.",
  );

/** Tells what became of a delivery; `status` and `startedAtMs` are there when it came by HTTP. */
export function announce(
  { emit, settings }: Kit,
  { jobId, source, outcome }: Intake,
  status?: number,
  startedAtMs?: number,
): void {
  // The console hears of warnings and dead letters only.
  if (settings.options.onEvent === undefined) return;
  const ackMs = startedAtMs === undefined ? undefined : settings.now() - startedAtMs;
  const arrival = { jobId, source, status, ackMs };
  switch (outcome.kind) {
    case "leased":
    case "stored":
      return emit({ type: "stored", ...arrival });
    case "duplicate":
      return emit({ type: "duplicate", state: outcome.state, ...arrival });
    case "conflict":
      return emit({ type: "conflict", state: outcome.state, reason: outcome.reason, ...arrival });
    case "parked":
      return emit({ type: "parked", reason: "unrecognized", ...arrival });
    case "ignored":
      return emit({ type: "ignored", reason: "pending", ...arrival });
  }
}

/** An unrecognised shape is a dead letter, unless the job is expected and about to be polled. */
export async function tellParked({ settings, worker, emit }: Kit, jobId: string): Promise<RunEnd> {
  const row = await lookUp(settings, jobId);
  if (row?.state === "dead") {
    emit({ type: "dead", jobId, attempt: row.attempts, reason: "unrecognized" });
    await tellDead(settings, row);
  }
  worker.slots.free(1);
  return "dead";
}
