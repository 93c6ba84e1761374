import type { SeenEvent } from "@abstrakt-webhooks/inspector";
import type { DeliveryRecord } from "@abstrakt-webhooks/testing/simulator";

/** A delivery and its answer in the words of a receiver's events. */
export function toEvent(delivery: DeliveryRecord, atMs: number): SeenEvent & { jobId: string } {
  const { jobId, status, body, error, durationMs: ackMs, sent: payload } = delivery;
  const base = { atMs, jobId, source: "webhook", status, ackMs } as const;
  if (status === undefined || status < 200 || status > 299) {
    const reason = status === undefined ? NO_ANSWER[error ?? "network"] : `answered ${status}`;
    return { type: "undelivered", atMs, jobId, reason };
  }
  const said = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  if (said["duplicate"] === true) return { type: "duplicate", state: "done", ...base };
  if (said["conflict"] === true) {
    return { type: "conflict", state: "done", reason: "result", payload, ...base };
  }
  if (said["ignored"] === true) return { type: "ignored", reason: "pending", ...base };
  return { type: "stored", ...base };
}

const NO_ANSWER = {
  timeout: "the app did not answer in time",
  network: "the app could not be reached",
} as const;

/** Whether the app has the result. */
export const isSuccess = (event: SeenEvent | undefined): boolean =>
  event !== undefined && event.type !== "undelivered";
