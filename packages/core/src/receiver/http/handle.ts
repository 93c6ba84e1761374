import { isAbstraktWebhookError } from "../../errors.ts";
import { describeCause, describeError } from "../events/describe-error.ts";
import type { EventError } from "../events/events.ts";
import { announce, intake } from "../intake.ts";
import type { Kit } from "../parts.ts";
import type { Ack, HttpDelivery, Runtime } from "../receiver.ts";
import { workAfter } from "../worker/after-answer.ts";
import { answerHandled } from "./answer-handled.ts";
import { answerTo, asLast, refusalFor, refused } from "./answers.ts";
import { readBody } from "./read-body.ts";

/** Answers a delivery, whatever happens on its way. Never rejects. */
export function handle(kit: Kit, delivery: HttpDelivery, runtime?: Runtime): Promise<Ack> {
  const startedAtMs = kit.settings.now();
  const last = (ack: Ack): Ack => (kit.isDraining() ? asLast(ack) : ack);
  return receive(kit, delivery, startedAtMs, runtime).then(last, (thrown: unknown) => {
    const known = isAbstraktWebhookError(thrown);
    if (known && thrown.code === "store_unavailable") kit.outage.failed(describeCause(thrown));
    const { code } = describeError((known && thrown.cause) || thrown);
    const error = { code, message: describeCause(thrown) };
    const ack = last(refusalFor(thrown));
    return refuse(kit, startedAtMs, ack, known ? thrown.code : "internal", error);
  });
}

/** The way of a delivery: admit, read, write, answer; what is left is work. */
async function receive(
  kit: Kit,
  delivery: HttpDelivery,
  startedAtMs: number,
  runtime: Runtime | undefined,
): Promise<Ack> {
  const { settings } = kit;
  if (delivery.method !== "POST") {
    return refuse(kit, startedAtMs, refused.methodNotAllowed, "method_not_allowed");
  }
  const admitted = settings.auth.admit(delivery);
  const admission = admitted instanceof Promise ? await admitted : admitted;
  if (admission === false) return refuse(kit, startedAtMs, refused.unauthorized, "unauthorized");
  kit.noticeUse();
  const payload = await readBody(settings, delivery);
  const taken = await intake(kit, payload, "webhook", admission.binding);
  if (taken.outcome.kind !== "ignored") kit.outage.over();
  const { ack, work } =
    settings.ack === "handled"
      ? await answerHandled(kit, taken, startedAtMs)
      : { ack: answerTo(taken.outcome), work: taken.work };
  announce(kit, taken, ack.status, startedAtMs);
  if (work === undefined) return ack;
  const { status, headers, body } = ack;
  return { status, headers, body, work: workAfter(kit, work, runtime) };
}

function refuse(
  { settings, emit }: Kit,
  startedAtMs: number,
  ack: Ack,
  reason: string,
  error?: EventError,
): Ack {
  const ackMs = settings.now() - startedAtMs;
  emit({ type: "refused", status: ack.status, reason, ackMs, ...(error && { error }) });
  return ack;
}
