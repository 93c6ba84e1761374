import { isDelay, MAX_TIMER_MS } from "../checks.ts";
import type { DeliveryKind, ForcedPlan } from "./plan.ts";

/** The body of `POST /v1/models/{model}/run`, checked. */
export interface Submission {
  readonly webhookUrl?: string;
  readonly forced: ForcedPlan;
}

const KINDS: readonly unknown[] = [
  "normal",
  "duplicate",
  "late",
  "corrupt",
  "conflict",
] satisfies DeliveryKind[];

/** Checks the body of a submission. Returns an error message if the body is invalid. */
export function parseSubmission(body: unknown): Submission | string {
  if (!isRecord(body)) return "Expected the body to be a JSON object.";
  const { input, webhook_url: webhookUrl } = body as { input?: unknown; webhook_url?: unknown };
  if (!isRecord(input)) return "Expected `input` to be an object.";
  const forced = input["simulate"] ?? {};
  if (!isForcedPlan(forced)) {
    return (
      'Expected in `input.simulate` only `status` ("succeeded" or "failed"), `latencyMs` ' +
      `(from 0 to ${MAX_TIMER_MS}) and \`deliveries\` (a list of ${KINDS.join(", ")}).`
    );
  }
  if (webhookUrl === undefined) return { forced };
  if (!isHttpUrl(webhookUrl)) return "Expected `webhook_url` to be an http(s) URL.";
  return { forced, webhookUrl };
}

function isForcedPlan(value: unknown): value is ForcedPlan {
  if (!isRecord(value)) return false;
  const { status, latencyMs, deliveries, ...unknown } = value as Record<keyof ForcedPlan, unknown>;
  return (
    Object.keys(unknown).length === 0 &&
    [undefined, "succeeded", "failed"].some((known) => known === status) &&
    (latencyMs === undefined || isDelay(latencyMs)) &&
    (deliveries === undefined ||
      (Array.isArray(deliveries) && deliveries.every((kind) => KINDS.includes(kind))))
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether `value` is an absolute http(s) URL. */
export const isHttpUrl = (value: unknown): value is string =>
  typeof value === "string" && URL.canParse(value) && /^https?:/i.test(value);
