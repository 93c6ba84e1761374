import { AbstraktWebhookError } from "../errors.ts";
import type { Source } from "../store/job-store.ts";
import { accept, type Accepted } from "./accept.ts";
import type { Kit } from "./kit.ts";
import type { ReadPayload } from "./read-body.ts";
import type { RunEnd } from "./run.ts";
import { lookUp, tellDead } from "./tell-dead.ts";

/** A payload that has come through the one door. */
export interface Intake {
  readonly jobId: string;
  readonly source: Source;
  readonly outcome: Accepted | { readonly kind: "ignored" };
  /** What remains to be done once the sender has its answer: to be called exactly once. */
  readonly work: (() => Promise<RunEnd>) | undefined;
}

/**
 * The one door: every result comes through here, however it came.
 *
 * @throws AbstraktWebhookError `store_unavailable` or `draining`.
 */
export async function intake(
  kit: Kit,
  payload: ReadPayload,
  source: Source,
  binding?: string,
): Promise<Intake> {
  const { jobId } = payload;
  if (payload.parsed.kind === "pending") {
    return { jobId, source, outcome: { kind: "ignored" }, work: undefined };
  }
  if (kit.isDraining() && !kit.settings.store.traits.durable) throw draining();
  const { outcome, run } = await accept(kit, payload, source, binding);
  if (outcome.kind === "stored") kit.loop.noteBacklog();
  if (outcome.kind !== "parked") return { jobId, source, outcome, work: run };
  kit.worker.slots.overbook(1);
  return { jobId, source, outcome, work: () => tellParked(kit, jobId) };
}

/** An unrecognised shape is a dead letter, unless the job is expected and about to be polled. */
async function tellParked({ settings, worker, emit }: Kit, jobId: string): Promise<RunEnd> {
  const row = await lookUp(settings, jobId);
  if (row?.state === "dead") {
    emit({ type: "dead", jobId, attempt: row.attempts, reason: "unrecognized" });
    await tellDead(settings, row);
  }
  worker.slots.free(1);
  return "dead";
}

const draining = (): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "draining",
    "The receiver is draining and its store does not outlive it. Deliver to another instance.",
  );
