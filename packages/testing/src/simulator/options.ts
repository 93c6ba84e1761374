import { expected, requireFunction, requireInteger } from "@abstrakt-webhooks/core/adapter";
import { requireDelay, requireOptions } from "../checks.ts";
import type { DeliveryRecord, ResendPolicy } from "./delivery.ts";
import type { Behaviour } from "./plan.ts";
import { isHttpUrl } from "./submission.ts";

/** Options that `Simulator.configure` can change. Rates are probabilities (0 to 1), default 0. */
export interface SimulatorKnobs {
  /** The same seed, a whole number, and submissions give the same jobs. Default: a random `Simulator.seed`. */
  readonly seed?: number | undefined;
  /** How long a job runs. Default 20 to 200 ms. */
  readonly latency?: { readonly minMs: number; readonly maxMs: number } | undefined;
  /** The rate of jobs that fail. */
  readonly failureRate?: number | undefined;
  /** The rate of results that are sent twice. */
  readonly duplicateRate?: number | undefined;
  /** The rate of results that are never sent. `GET /v1/jobs/{id}` still returns them. */
  readonly dropRate?: number | undefined;
  /** The rate of results that are sent late: after those of jobs submitted at the same time. */
  readonly reorderRate?: number | undefined;
  /** The rate of results that are sent twice: first a truncated body, then the whole body. */
  readonly corruptRate?: number | undefined;
}

/** Options of {@link createSimulator}. */
export interface SimulatorOptions extends SimulatorKnobs {
  /** The only bearer key that is accepted. Default `"sim_key"`. */
  readonly apiKey?: string | undefined;
  /** The URL for results of jobs without a `webhook_url`. Default: they are not sent. */
  readonly webhookUrl?: string | undefined;
  /** Default: no repeats, because the provider does not promise to repeat a failed delivery. */
  readonly resend?: ResendPolicy | undefined;
  /**
   * The maximum time for an endpoint's answer, also if `fetch` ignores the request's signal.
   * Default 10 000, as the provider documents.
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Called after every attempt to deliver. If it returns a promise, the simulator waits for it. An
   * error stops no delivery: `idle` and `close` reject with it.
   */
  readonly onDelivery?: ((record: DeliveryRecord) => unknown) | undefined;
  /** Sends the webhooks. Default: the global `fetch`. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** Wall time for `completed_at`. */
  readonly clock?: (() => number) | undefined;
  /** Waits for `ms`. Rejects when the signal aborts. Default: a timer. */
  readonly sleep?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
}

const RATES = [
  "failureRate",
  "duplicateRate",
  "dropRate",
  "reorderRate",
  "corruptRate",
] as const satisfies (keyof SimulatorKnobs)[];
const KNOBS: readonly string[] = ["seed", "latency", ...RATES] satisfies (keyof SimulatorKnobs)[];
const NAMES: readonly string[] = [
  ...KNOBS,
  ...([
    "apiKey",
    "webhookUrl",
    "resend",
    "timeoutMs",
    "onDelivery",
    "fetch",
    "clock",
    "sleep",
  ] satisfies (keyof SimulatorOptions)[]),
];

/**
 * Checks the options that `toBehaviour` does not read.
 *
 * @throws AbstraktWebhookError `invalid_options` for an unknown option or a value out of range.
 */
export function requireSimulatorOptions(options: SimulatorOptions): void {
  requireOptions("", NAMES, options);
  const { apiKey, webhookUrl, resend, timeoutMs } = options;
  // No other characters can be sent in a header.
  if (apiKey !== undefined && !(typeof apiKey === "string" && /^[\x21-\x7e]+$/.test(apiKey))) {
    throw expected("apiKey", "a string of visible ASCII characters", apiKey);
  }
  if (webhookUrl !== undefined && !isHttpUrl(webhookUrl)) {
    throw expected("webhookUrl", "an absolute http(s) URL", webhookUrl);
  }
  if (resend !== undefined) {
    requireOptions("resend", ["maxAttempts", "minDelayMs"], resend);
    requireInteger("resend.maxAttempts", resend.maxAttempts, 1);
    requireDelay("resend.minDelayMs", resend.minDelayMs);
  }
  if (timeoutMs !== undefined) requireDelay("timeoutMs", timeoutMs, 1);
  for (const name of ["onDelivery", "fetch", "clock", "sleep"] as const) {
    if (options[name] !== undefined) requireFunction(name, options[name]);
  }
}

/** Throws unless `changes` can be given to `configure`. `toBehaviour` checks their values. */
export const requireKnobs = (changes: SimulatorKnobs): void => requireOptions("", KNOBS, changes);

/**
 * Adds the defaults.
 *
 * @throws AbstraktWebhookError `invalid_options` for a value out of range.
 */
export function toBehaviour(knobs: SimulatorKnobs): Behaviour {
  const { seed, latency = { minMs: 20, maxMs: 200 } } = knobs;
  const { failureRate = 0, duplicateRate = 0, dropRate = 0 } = knobs;
  const { reorderRate = 0, corruptRate = 0 } = knobs;
  if (seed !== undefined) requireInteger("seed", seed, 0);
  requireOptions("latency", ["minMs", "maxMs"], latency);
  const { minMs, maxMs } = latency;
  requireDelay("latency.minMs", minMs);
  requireDelay("latency.maxMs", maxMs);
  if (maxMs < minMs) {
    throw expected("latency.maxMs", `at least \`latency.minMs\`, which is ${minMs}`, maxMs);
  }
  const rates = { failureRate, duplicateRate, dropRate, reorderRate, corruptRate };
  for (const name of RATES) requireRate(name, rates[name]);
  return { latency: { minMs, maxMs }, ...rates };
}

function requireRate(name: string, value: unknown): void {
  if (typeof value === "number" && value >= 0 && value <= 1) return;
  throw expected(name, "a number between 0 and 1", value);
}
