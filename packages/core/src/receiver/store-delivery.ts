import { namedJob } from "../auth/binding.ts";
import { AbstraktWebhookError } from "../errors.ts";
import { fingerprint } from "../payload/fingerprint.ts";
import type { ParsedPayload } from "../payload/parse-payload.ts";
import type { ReadPayload } from "../payload/read-payload.ts";
import type { Delivery, Ingested, Lease, Source } from "../store/job-store.ts";
import { faultOfIngested } from "../store/replies.ts";
import { lookUp } from "../store/store-call.ts";
import { guarded, withHidden } from "./events/emit.ts";
import type { EventBody } from "./events/events.ts";
import { drainingError, wouldBeLost, type Parts } from "./parts.ts";
import { reportDead } from "./run/dead-letter.ts";
import type { RunEnd } from "./run/worker-state.ts";

/** The outcome of a delivery. */
export interface DeliveryReport {
  readonly delivery: Delivery;
  readonly outcome: Exclude<Ingested, { kind: "full" }> | { readonly kind: "ignored" };
  /** Runs the result, or reports it. Call it exactly once, after the answer. */
  readonly work: (() => Promise<RunEnd>) | undefined;
}

/**
 * Stores a delivery, whether a webhook, a poll or your own code brought it. One round trip writes
 * the result under its job id, and leases it if a slot is free. A payload with an unknown status or
 * shape is parked.
 *
 * @throws AbstraktWebhookError `store_unavailable` or `draining`.
 */
export function storeDelivery(
  parts: Parts,
  { jobId, parsed, text }: ReadPayload,
  source: Source,
  binding?: string,
): Promise<DeliveryReport> {
  const result = parsed.kind === "result" ? parsed.result : undefined;
  const delivery: Delivery = {
    jobId,
    fingerprint: result && fingerprint(result),
    payload: text,
    source,
    binding,
  };
  if (parsed.kind === "pending") {
    return Promise.resolve({ delivery, outcome: { kind: "ignored" }, work: undefined });
  }
  if (wouldBeLost(parts)) return Promise.reject(drainingError());
  if (parsed.kind === "result" && parsed.removedUrls) parts.notices.urlRemoved(jobId);
  return write(parts, delivery, parsed);
}

/** A call of the store's `ingest`. */
interface IngestCall {
  readonly parts: Parts;
  readonly delivery: Delivery;
  readonly parsed: Storable;
  /** 1 if the call also asks for a lease, else 0. */
  readonly asked: number;
  readonly sentAtMs: number;
}

/** A payload that the store keeps. It parks an unrecognised one. */
type Storable = Extract<ParsedPayload, { kind: "result" | "unrecognized" }>;

function write(parts: Parts, delivery: Delivery, parsed: Storable): Promise<DeliveryReport> {
  const { worker, settings } = parts;
  const { store, callStore, limits, now } = settings;
  const owner = worker.owner();
  const sentAtMs = now();
  const mayRun = parsed.kind === "result" && !parts.isDraining();
  // From here on, `onWritten`, `onNotWritten` or `onWrittenLate` answers the slot that is asked for.
  const asked = mayRun ? worker.slots.ask(1) : 0;
  const o = { owner, leaseMs: asked * limits.leaseMs };
  const call: IngestCall = { parts, delivery, parsed, asked, sentAtMs };
  const ingest = () => store.ingest(delivery, o);
  return callStore(ingest, (outcome) => onWrittenLate(call, outcome)).then(
    (outcome) => onWritten(call, outcome),
    (thrown) => onNotWritten(call, thrown),
  );
}

function onWritten(call: IngestCall, outcome: Ingested): DeliveryReport {
  const { parts, delivery, asked } = call;
  const { slots } = parts.worker;
  const fault = faultOfIngested(outcome, delivery.jobId);
  if (fault !== undefined) {
    parts.storeOutage.failed(fault, "store_reply");
    return onNotWritten(call, new AbstraktWebhookError("store_unavailable", fault));
  }
  slots.answer(asked, outcome.kind === "leased" || outcome.kind === "parked" ? 1 : 0);
  const { instrumentation } = parts.settings.options;
  if (instrumentation && (outcome.kind === "leased" || outcome.kind === "stored")) {
    void guarded("instrumentation.arrived", () => instrumentation.arrived(delivery.jobId));
  }
  switch (outcome.kind) {
    case "leased":
      notifyWaiters(call);
      return { delivery, outcome, work: () => runLease(call, outcome.lease) };
    case "stored":
      notifyWaiters(call);
      parts.worker.noteBacklog();
      return { delivery, outcome, work: undefined };
    case "parked":
      return { delivery, outcome, work: () => reportParked(call) };
    case "duplicate":
      // A database client may repeat a write whose reply it lost. Then no worker runs that lease,
      // so this one claims the job when the lease ends.
      if (outcome.state === "leased") parts.alarm.wake(parts.settings.limits.leaseMs);
      return { delivery, outcome, work: undefined };
    case "conflict":
      return { delivery, outcome, work: undefined };
    case "full":
      // `handle` reports the same outage later, with a code that says less.
      parts.storeOutage.failed(FULL, "store_full");
      throw new AbstraktWebhookError("store_unavailable", FULL);
  }
}

/** Notifies waiters, but not of a result that `auth` confirms later: it may be forged. */
function notifyWaiters({ parts, delivery: { jobId, payload } }: IngestCall): void {
  if (parts.settings.auth.confirm === undefined) parts.waiters.notify(jobId, payload);
}

const runLease = ({ parts, parsed, sentAtMs }: IngestCall, lease: Lease): Promise<RunEnd> =>
  parts.worker.run(lease, sentAtMs, parsed.kind === "result" ? parsed.result : undefined);

function onNotWritten({ parts, asked }: IngestCall, thrown: unknown): never {
  parts.worker.slots.answer(asked, 0);
  // The store may have leased the result to this worker although its reply was lost. The worker
  // claims the job when that lease ends.
  parts.alarm.wake(parts.settings.limits.leaseMs);
  throw thrown;
}

/** Runs a result whose lease was granted after the sender got a 503. */
function onWrittenLate(call: IngestCall, outcome: Ingested): void {
  const { parts, delivery } = call;
  if (faultOfIngested(outcome, delivery.jobId) !== undefined) return;
  if (outcome.kind === "stored") parts.worker.noteBacklog();
  if (outcome.kind !== "leased" && outcome.kind !== "parked") return;
  parts.worker.slots.answer(0, 1);
  if (outcome.kind === "parked") void reportParked(call);
  else void runLease(call, outcome.lease);
}

/** Reports a parked payload as a dead letter. An expected job is no dead letter: it is polled. */
async function reportParked({ parts, delivery, parsed }: IngestCall): Promise<RunEnd> {
  const { jobId, binding } = delivery;
  try {
    const row = await lookUp(parts.settings, jobId);
    if (row?.state === "dead") {
      const job = namedJob(jobId, row.binding ?? binding);
      const reason = "unrecognized";
      const message = parsed.kind === reason ? parsed.reason : "";
      const error = { code: reason, message };
      await reportDead(parts, { ...job, attempt: row.attempts, reason, error }, row);
    }
  } finally {
    parts.worker.slots.settled();
  }
  return "dead";
}

/** Emits the event of a delivery. `status` and `startedAtMs` are set for a delivery by HTTP. */
export function emitDelivery(
  { emit, hasListeners, settings }: Parts,
  { delivery, outcome }: DeliveryReport,
  status?: number,
  startedAtMs?: number,
): void {
  // The console prints none of these events.
  if (!hasListeners()) return;
  const ackMs = startedAtMs === undefined ? undefined : settings.now() - startedAtMs;
  const { jobId, source, binding, payload } = delivery;
  const job = namedJob(jobId, binding);
  const arrival = <T extends string>(type: T) => ({ type, ...job, source, status, ackMs });
  switch (outcome.kind) {
    case "leased":
    case "stored":
      return emit(arrival("stored"));
    case "duplicate":
      return emit({ ...arrival("duplicate"), state: outcome.state });
    case "conflict": {
      const { state, reason } = outcome;
      const body: EventBody = { ...arrival("conflict"), state, reason };
      return emit(withHidden(body, "payload", payload.slice(0, MAX_EVENT_PAYLOAD)));
    }
    case "parked":
      return emit({ ...arrival("parked"), reason: "unrecognized" });
    case "ignored":
      return emit({ ...arrival("ignored"), reason: "pending" });
  }
}

const MAX_EVENT_PAYLOAD = 64_000;

const FULL = "The store is full. Handle or prune what waits in it, or raise its bound.";
