import { namedJob } from "../auth/binding.ts";
import { AbstraktWebhookError } from "../errors.ts";
import { fingerprint } from "../payload/fingerprint.ts";
import type { ParsedPayload } from "../payload/parse-payload.ts";
import type { ReadPayload } from "../payload/read-payload.ts";
import type { Delivery, Ingested, Source } from "../store/job-store.ts";
import { faultOfIngested } from "../store/replies.ts";
import { guarded, withHidden } from "./events/emit.ts";
import type { EventBody } from "./events/events.ts";
import { drainingError, wouldBeLost, type Parts } from "./parts.ts";
import { reportUnrecognized } from "./run/dead-letter.ts";
import type { RunEnd } from "./run/worker-state.ts";

/** The outcome of a delivery. */
export interface DeliveryReport {
  readonly delivery: Delivery;
  readonly outcome: Exclude<Ingested, { kind: "full" }> | { readonly kind: "ignored" };
  /** Runs the result, or reports it. Call it exactly once, after the answer. */
  readonly work: Work | undefined;
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
  const mayRun = parsed.kind === "result" && !parts.isDraining() && !settings.leavesResults();
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
  const work = workOf(call, outcome);
  slots.answer(asked, work ? 1 : 0);
  switch (outcome.kind) {
    case "leased":
    case "stored": {
      const { instrumentation } = parts.settings.options;
      if (instrumentation) {
        void guarded("instrumentation.arrived", () => instrumentation.arrived(delivery.jobId));
      }
      notifyWaiters(call);
      if (outcome.kind === "stored") parts.worker.noteBacklog();
      break;
    }
    case "duplicate":
      // A database client may repeat a write whose reply it lost. Then no worker runs that lease,
      // so this one claims the job when the lease ends.
      if (outcome.state === "leased") parts.alarm.wake(parts.settings.limits.leaseMs);
      break;
    case "conflict":
    case "parked":
      break;
    case "full":
      // `handle` reports the same outage later, with a code that says less.
      parts.storeOutage.failed(FULL, "store_full");
      throw new AbstraktWebhookError("store_unavailable", FULL);
  }
  return { delivery, outcome, work };
}

type Work = () => Promise<RunEnd>;

/**
 * Returns what runs a leased result, or reports a parked payload that this receiver has not reported
 * yet. When the reply of the write that parked it is lost, the sender sends it again, and the store
 * answers `duplicate`.
 */
function workOf(call: IngestCall, outcome: Ingested): Work | undefined {
  const { parts, delivery, parsed, sentAtMs } = call;
  const { reported, worker } = parts;
  const { kind } = outcome;
  if (parsed.kind === "result") {
    return kind === "leased" ? () => worker.run(outcome.lease, sentAtMs, parsed.result) : undefined;
  }
  const isParked = kind === "parked";
  const isRepeat =
    kind === "duplicate" && outcome.state === "dead" && !reported.has(delivery.jobId);
  if (!isParked && !isRepeat) return undefined;
  if (reported.size === MAX_REPORTED) reported.clear();
  reported.add(delivery.jobId);
  return () => reportUnrecognized(parts, delivery, parsed.reason).finally(worker.slots.settled);
}

const MAX_REPORTED = 1_000;

/** Notifies waiters, but not of a result that `auth` confirms later: it may be forged. */
function notifyWaiters({ parts, delivery: { jobId, payload } }: IngestCall): void {
  if (parts.settings.auth.confirm === undefined) parts.waiters.notify(jobId, payload);
}

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
  const work = workOf(call, outcome);
  if (!work) return;
  parts.worker.slots.answer(0, 1);
  void work();
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
