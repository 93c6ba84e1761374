import { AbstraktWebhookError } from "../errors.ts";
import type { JobResult } from "../job-result.ts";
import { fingerprint } from "../payload/fingerprint.ts";
import type { ReadPayload } from "../payload/read-payload.ts";
import type { Ingested, Source } from "../store/job-store.ts";
import { lookUp } from "../store/store-call.ts";
import { drainingError, wouldBeLost, type Parts } from "./parts.ts";
import { reportDead } from "./run/dead-letter.ts";
import type { RunEnd } from "./run/worker-state.ts";

/** A payload that has come through the one door. */
export interface Intake {
  readonly jobId: string;
  readonly source: Source;
  readonly outcome: Exclude<Ingested, { kind: "full" }> | { readonly kind: "ignored" };
  /** What is left to do once the sender has its answer. Call it exactly once. */
  readonly work: (() => Promise<RunEnd>) | undefined;
}

/**
 * The one door: every result comes through here, however it came. It is written under its job id
 * in one round trip, and leased where a slot is free.
 *
 * @throws AbstraktWebhookError `store_unavailable` or `draining`.
 */
export function intake(
  parts: Parts,
  payload: ReadPayload,
  source: Source,
  binding?: string,
): Promise<Intake> {
  const { jobId, parsed } = payload;
  if (parsed.kind === "pending") {
    return Promise.resolve({ jobId, source, outcome: { kind: "ignored" }, work: undefined });
  }
  if (wouldBeLost(parts)) return Promise.reject(drainingError());
  const result = parsed.kind === "result" ? parsed.result : undefined;
  return write(parts, { jobId, text: payload.text, result, source, binding });
}

/** A payload on its way into the store. */
interface Arriving {
  readonly jobId: string;
  readonly text: string;
  /** Undefined: the shape is not recognised, so the payload is parked. */
  readonly result: JobResult | undefined;
  readonly source: Source;
  readonly binding: string | undefined;
}

/** A call of the store's `ingest`. */
interface Write extends Arriving {
  readonly parts: Parts;
  /** 1 where a lease is asked for along with the write, else 0. */
  readonly asked: number;
  readonly sentAtMs: number;
}

function write(parts: Parts, arriving: Arriving): Promise<Intake> {
  const { worker, settings } = parts;
  const { jobId, text, result, source, binding } = arriving;
  const asked = result === undefined || parts.isDraining() ? 0 : worker.slots.ask(1);
  const sentAtMs = settings.now();
  const sent: Write = { parts, jobId, text, result, source, binding, asked, sentAtMs };
  const delivery = {
    jobId,
    fingerprint: result && fingerprint(result),
    payload: text,
    source,
    binding,
  };
  const o = { owner: worker.owner(), leaseMs: asked * settings.limits.leaseMs };
  return settings
    .callStore(
      () => settings.store.ingest(delivery, o),
      (outcome) => writtenLate(sent, outcome),
    )
    .then(
      (outcome) => written(sent, outcome),
      (thrown) => notWritten(sent, thrown),
    );
}

function written(sent: Write, outcome: Ingested): Intake {
  const { parts, jobId, source, result, asked, sentAtMs } = sent;
  const { worker, settings, alarm } = parts;
  const taken = { jobId, source, work: undefined };
  switch (outcome.kind) {
    case "leased": {
      worker.slots.answer(asked, 1);
      notifyUnconfirmed(sent);
      return { ...taken, outcome, work: () => worker.run(outcome.lease, sentAtMs, result) };
    }
    case "stored":
      worker.slots.answer(asked, 0);
      notifyUnconfirmed(sent);
      worker.noteBacklog();
      return { ...taken, outcome };
    case "parked":
      worker.slots.answer(asked, 1);
      return { ...taken, outcome, work: () => reportParked(parts, jobId) };
    case "duplicate":
      worker.slots.answer(asked, 0);
      // A client that lost our reply may have sent the write again: then nobody runs that lease.
      if (outcome.state === "leased") alarm.wake(settings.limits.leaseMs);
      return { ...taken, outcome };
    case "conflict":
      worker.slots.answer(asked, 0);
      return { ...taken, outcome };
    case "full":
      worker.slots.answer(asked, 0);
      throw full();
  }
}

/** What `auth` confirms later may be forged until then. */
function notifyUnconfirmed({ parts, jobId, result }: Write): void {
  if (parts.settings.auth.confirm === undefined) parts.waiters.notify(jobId, result);
}

function notWritten({ parts, asked }: Write, thrown: unknown): never {
  parts.worker.slots.answer(asked, 0);
  // It may be written all the same, under a lease that only this process could know of.
  parts.alarm.wake(parts.settings.limits.leaseMs);
  throw thrown;
}

/** The sender has had its 503 by now, but the lease is ours. */
function writtenLate({ parts, jobId, result, sentAtMs }: Write, outcome: Ingested): void {
  const { worker } = parts;
  if (outcome.kind === "stored") worker.noteBacklog();
  if (outcome.kind !== "leased" && outcome.kind !== "parked") return;
  worker.slots.answer(0, 1);
  if (outcome.kind === "parked") void reportParked(parts, jobId);
  else void worker.run(outcome.lease, sentAtMs, result);
}

/** A parked payload is a dead letter, unless the job is expected and about to be polled. */
async function reportParked(parts: Parts, jobId: string): Promise<RunEnd> {
  const row = await lookUp(parts.settings, jobId);
  if (row?.state === "dead") {
    await reportDead(parts, { jobId, attempt: row.attempts, reason: "unrecognized" }, row);
  }
  parts.worker.slots.settled();
  return "dead";
}

/** Emits what became of a delivery. `status` and `startedAtMs` are there when it came by HTTP. */
export function emitIntake(
  { emit, settings }: Parts,
  { jobId, source, outcome }: Intake,
  status?: number,
  startedAtMs?: number,
): void {
  // The console gets warnings and dead letters only.
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

const full = (): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "store_unavailable",
    "The store is full. Handle or prune what waits in it, or raise its bound.",
  );
