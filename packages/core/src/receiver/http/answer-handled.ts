import { timer, within } from "../../clock.ts";
import type { DeliveryReport } from "../store-delivery.ts";
import type { Parts } from "../parts.ts";
import type { Ack } from "../receiver.ts";
import type { RunEnd } from "../run/worker-state.ts";
import { accepted, answerTo, refused } from "./answers.ts";

/**
 * Makes the answer with `ack: "handled"`: 200 means that the callback has succeeded, now or
 * earlier. When the callback takes too long, the answer is 503 and the run continues.
 *
 * @throws AbstraktWebhookError `store_unavailable`.
 */
export async function answerHandled(
  parts: Parts,
  { delivery, outcome, work }: DeliveryReport,
  startedAtMs: number,
): Promise<{ ack: Ack; work?: () => Promise<unknown> }> {
  const { jobId } = delivery;
  if (outcome.kind === "leased" && work) return awaitRun(parts, work(), startedAtMs);
  const open =
    outcome.kind === "stored" ||
    (outcome.kind === "duplicate" && (outcome.state === "pending" || outcome.state === "leased"));
  if (!open) return { ack: answerTo(outcome), ...(work && { work }) };
  if (parts.isDraining()) return { ack: refused.notHandled };
  // A job that waits for its retry is claimed at once. A job that another instance runs is not.
  const waits = outcome.kind === "duplicate" && outcome.state === "pending";
  const [run] = await parts.worker.claim(jobId, waits ? await backoffLeftMs(parts, jobId) : 0);
  return run ? awaitRun(parts, run, startedAtMs) : { ack: refused.notHandled };
}

async function backoffLeftMs({ settings }: Parts, jobId: string): Promise<number | undefined> {
  const { store, callStore } = settings;
  const row = await callStore(() => store.get(jobId));
  return row?.state === "pending" ? row.dueInMs : undefined;
}

async function awaitRun(
  { settings }: Parts,
  run: Promise<RunEnd>,
  startedAtMs: number,
): Promise<{ ack: Ack; work?: () => Promise<unknown> }> {
  const leftMs = startedAtMs + settings.limits.ackTimeoutMs - settings.now();
  const end = await within((expire) => timer(leftMs, expire), run);
  if (end === "done") return { ack: accepted.stored };
  // The callback may still be running, so the run continues after the answer.
  return { ack: refused.notHandled, ...(end === undefined && { work: () => run }) };
}
