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

/** What became of a delivery. */
export interface DeliveryReport {
  readonly delivery: Delivery;
  readonly outcome: Exclude<Ingested, { kind: "full" }> | { readonly kind: "ignored" };
  /** The work after the sender has its answer. Call it exactly once. */
  readonly work: (() => Promise<RunEnd>) | undefined;
}

/**
 * Stores a delivery. Results of webhooks, of polls and of your own code all come through here. One
 * round trip writes the result under its job id, and leases it if a slot is free.
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
interface Write {
  readonly parts: Parts;
  readonly delivery: Delivery;
  readonly parsed: Storable;
  /** 1 where a lease is asked for along with the write, else 0. */
  readonly asked: number;
  readonly sentAtMs: number;
}

/** What is not recognised is parked. */
type Storable = Extract<ParsedPayload, { kind: "result" | "unrecognized" }>;

function write(parts: Parts, delivery: Delivery, parsed: Storable): Promise<DeliveryReport> {
  const { worker, settings } = parts;
  const { store, callStore, limits, now } = settings;
  const owner = worker.owner();
  const sentAtMs = now();
  const mayRun = parsed.kind === "result" && !parts.isDraining();
  // From here on nothing can fail without an answer to the slot that is asked for.
  const asked = mayRun ? worker.slots.ask(1) : 0;
  const o = { owner, leaseMs: asked * limits.leaseMs };
  const sent: Write = { parts, delivery, parsed, asked, sentAtMs };
  const ingest = () => store.ingest(delivery, o);
  return callStore(ingest, (outcome) => writtenLate(sent, outcome)).then(
    (outcome) => written(sent, outcome),
    (thrown) => notWritten(sent, thrown),
  );
}

function written(sent: Write, outcome: Ingested): DeliveryReport {
  const { parts, delivery, asked } = sent;
  const { slots } = parts.worker;
  const fault = faultOfIngested(outcome, delivery.jobId);
  if (fault !== undefined) {
    parts.storeOutage.failed(fault, "store_reply");
    return notWritten(sent, new AbstraktWebhookError("store_unavailable", fault));
  }
  slots.answer(asked, outcome.kind === "leased" || outcome.kind === "parked" ? 1 : 0);
  const { instrumentation } = parts.settings.options;
  if (instrumentation && (outcome.kind === "leased" || outcome.kind === "stored")) {
    void guarded("instrumentation.arrived", () => instrumentation.arrived(delivery.jobId));
  }
  switch (outcome.kind) {
    case "leased":
      notifyUnlessConfirmed(sent);
      return { delivery, outcome, work: () => runWritten(sent, outcome.lease) };
    case "stored":
      notifyUnlessConfirmed(sent);
      parts.worker.noteBacklog();
      return { delivery, outcome, work: undefined };
    case "parked":
      return { delivery, outcome, work: () => reportParked(sent) };
    case "duplicate":
      // A client that lost our reply may have sent the write again: then nobody runs that lease.
      if (outcome.state === "leased") parts.alarm.wake(parts.settings.limits.leaseMs);
      return { delivery, outcome, work: undefined };
    case "conflict":
      return { delivery, outcome, work: undefined };
    case "full":
      // The code that says more, before `handle` reports the same outage.
      parts.storeOutage.failed(FULL, "store_full");
      throw new AbstraktWebhookError("store_unavailable", FULL);
  }
}

/** A result that `auth` confirms later may be forged until then. */
function notifyUnlessConfirmed({ parts, delivery: { jobId, payload } }: Write): void {
  if (parts.settings.auth.confirm === undefined) parts.waiters.notify(jobId, payload);
}

const runWritten = ({ parts, parsed, sentAtMs }: Write, lease: Lease): Promise<RunEnd> =>
  parts.worker.run(lease, sentAtMs, parsed.kind === "result" ? parsed.result : undefined);

function notWritten({ parts, asked }: Write, thrown: unknown): never {
  parts.worker.slots.answer(asked, 0);
  // It may be written all the same, under a lease that only this process could know of.
  parts.alarm.wake(parts.settings.limits.leaseMs);
  throw thrown;
}

/** The sender has had its 503 by now, but the lease is ours. */
function writtenLate(sent: Write, outcome: Ingested): void {
  const { parts, delivery } = sent;
  if (faultOfIngested(outcome, delivery.jobId) !== undefined) return;
  if (outcome.kind === "stored") parts.worker.noteBacklog();
  if (outcome.kind !== "leased" && outcome.kind !== "parked") return;
  parts.worker.slots.answer(0, 1);
  if (outcome.kind === "parked") void reportParked(sent);
  else void runWritten(sent, outcome.lease);
}

/** A parked payload is a dead letter, unless the job is expected and about to be polled. */
async function reportParked({ parts, delivery, parsed }: Write): Promise<RunEnd> {
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

/** Emits what became of a delivery. `status` and `startedAtMs` are there when it came by HTTP. */
export function emitDelivery(
  { emit, isHeard, settings }: Parts,
  { delivery, outcome }: DeliveryReport,
  status?: number,
  startedAtMs?: number,
): void {
  // The console prints none of these.
  if (!isHeard()) return;
  const ackMs = startedAtMs === undefined ? undefined : settings.now() - startedAtMs;
  const { jobId, source, binding, payload } = delivery;
  const arrival = { ...namedJob(jobId, binding), source, status, ackMs };
  switch (outcome.kind) {
    case "leased":
    case "stored":
      return emit({ type: "stored", ...arrival });
    case "duplicate":
      return emit({ type: "duplicate", state: outcome.state, ...arrival });
    case "conflict": {
      const { state, reason } = outcome;
      const body: EventBody = { type: "conflict", state, reason, ...arrival };
      return emit(withHidden(body, "payload", payload.slice(0, MAX_EVENT_PAYLOAD)));
    }
    case "parked":
      return emit({ type: "parked", reason: "unrecognized", ...arrival });
    case "ignored":
      return emit({ type: "ignored", reason: "pending", ...arrival });
  }
}

const MAX_EVENT_PAYLOAD = 64_000;

const FULL = "The store is full. Handle or prune what waits in it, or raise its bound.";
