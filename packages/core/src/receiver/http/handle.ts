import type { Refusal } from "../../auth/verdict.ts";
import { isAbstraktWebhookError } from "../../errors.ts";
import { toPayload } from "../../payload/read-payload.ts";
import { isThenable } from "../../when-ready.ts";
import { describeCause, describeError } from "../events/describe-error.ts";
import type { EventError } from "../events/events.ts";
import { emitDelivery, storeDelivery } from "../store-delivery.ts";
import type { Parts } from "../parts.ts";
import type { Ack, HttpDelivery, Runtime } from "../receiver.ts";
import { workAfter } from "../worker/after-answer.ts";
import { answerHandled } from "./answer-handled.ts";
import { answerTo, asLast, refusalFor, refused } from "./answers.ts";
import { readBody } from "./read-body.ts";

/** Answers a request, whatever fails. Never rejects. */
export function handle(parts: Parts, delivery: HttpDelivery, runtime?: Runtime): Promise<Ack> {
  const startedAtMs = parts.settings.now();
  const last = (ack: Ack): Ack => (parts.isDraining() ? asLast(ack, delivery) : ack);
  return receive(parts, delivery, startedAtMs, runtime).then(last, (thrown: unknown) => {
    const known = isAbstraktWebhookError(thrown);
    if (known && thrown.code === "store_unavailable")
      parts.storeOutage.failed(describeCause(thrown));
    const { code } = describeError((known && thrown.cause) || thrown);
    const error = { code, message: describeCause(thrown) };
    const ack = last(refusalFor(thrown));
    return refuse(parts, startedAtMs, ack, known ? thrown.code : "internal", error);
  });
}

/** The steps of a delivery: admit, read, verify, parse, store, answer. `work` runs after them. */
async function receive(
  parts: Parts,
  delivery: HttpDelivery,
  startedAtMs: number,
  runtime: Runtime | undefined,
): Promise<Ack> {
  const { settings } = parts;
  if (delivery.method !== "POST") {
    return refuse(parts, startedAtMs, refused.methodNotAllowed, "method_not_allowed");
  }
  const admitted = settings.auth.admit(delivery);
  const admission = isThenable(admitted) ? await admitted : admitted;
  if ("refused" in admission) return unauthorized(parts, startedAtMs, admission);
  const received = await readBody(settings, delivery);
  const verifying = settings.auth.verify(received, delivery);
  const verified = isThenable(verifying) ? await verifying : verifying;
  if (verified !== true) return unauthorized(parts, startedAtMs, verified);
  parts.notices.firstUse();
  const payload = toPayload(received, settings.limits.maxBodyBytes);
  const report = await storeDelivery(parts, payload, "webhook", admission.binding);
  if (report.outcome.kind !== "ignored") parts.storeOutage.over();
  const { ack, work } =
    settings.ack === "handled"
      ? await answerHandled(parts, report, startedAtMs)
      : { ack: answerTo(report.outcome), work: report.work };
  emitDelivery(parts, report, ack.status, startedAtMs);
  if (work === undefined) return ack;
  const { status, headers, body } = ack;
  return { status, headers, body, work: workAfter(parts, work, runtime) };
}

/** Only the event has the reason. The sender never learns it. */
const unauthorized = (parts: Parts, startedAtMs: number, { refused: reason }: Refusal): Ack =>
  refuse(parts, startedAtMs, refused.unauthorized, reason);

function refuse(
  { settings, emit }: Parts,
  startedAtMs: number,
  ack: Ack,
  reason: string,
  error?: EventError,
): Ack {
  const ackMs = settings.now() - startedAtMs;
  emit({ type: "refused", status: ack.status, reason, ackMs, ...(error && { error }) });
  return ack;
}
