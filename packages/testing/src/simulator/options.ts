import { AbstraktWebhookError } from "@abstrakt-webhooks/core";
import type { DeliveryRecord, ResendPolicy } from "./delivery.ts";
import type { Behaviour } from "./plan.ts";

/** Options that `Simulator.configure` can change. Rates are probabilities (0 to 1), default 0. */
export interface SimulatorKnobs {
  /** The same seed and submissions give the same jobs. Default: a random `Simulator.seed`. */
  readonly seed?: number;
  /** How long a job runs. Default 20 to 200 ms. */
  readonly latency?: { readonly minMs: number; readonly maxMs: number };
  /** The rate of jobs that fail. */
  readonly failureRate?: number;
  /** The rate of results that are sent twice. */
  readonly duplicateRate?: number;
  /** The rate of results that are never sent. `GET /v1/jobs/{id}` still returns them. */
  readonly dropRate?: number;
  /** The rate of results that are sent late: after those of jobs submitted at the same time. */
  readonly reorderRate?: number;
  /** The rate of results that are sent twice: first a truncated body, then the whole body. */
  readonly corruptRate?: number;
}

/** Options of {@link createSimulator}. */
export interface SimulatorOptions extends SimulatorKnobs {
  /** The only bearer key that is accepted. Default `"sim_key"`. */
  readonly apiKey?: string;
  /** The URL for results of jobs without a `webhook_url`. Default: they are not sent. */
  readonly webhookUrl?: string;
  /** Default: no repeats, because the provider does not promise to repeat a failed delivery. */
  readonly resend?: ResendPolicy;
  /**
   * The maximum time for an endpoint's answer, also if `fetch` ignores the request's signal.
   * Default 10 000, as the provider documents.
   */
  readonly timeoutMs?: number;
  /**
   * Called after every attempt to deliver. If it returns a promise, the simulator waits for it. An
   * error stops no delivery: `idle` and `close` reject with it.
   */
  onDelivery?(record: DeliveryRecord): unknown;
  /** Sends the webhooks. Default: the global `fetch`. */
  fetch?(request: Request): Promise<Response>;
  /** Wall time for `completed_at`. */
  clock?(): number;
  /** Waits for `ms`. Rejects when the signal aborts. Default: a timer. */
  sleep?(ms: number, signal: AbortSignal): Promise<void>;
}

/**
 * Adds the defaults.
 *
 * @throws AbstraktWebhookError `invalid_options` for a value out of range.
 */
export function toBehaviour(options: SimulatorKnobs): Behaviour {
  const { latency = { minMs: 20, maxMs: 200 } } = options;
  if (!(latency.minMs >= 0 && latency.maxMs >= latency.minMs)) {
    throw new AbstraktWebhookError(
      "invalid_options",
      `Expected 0 <= latency.minMs <= latency.maxMs, got ${latency.minMs} and ${latency.maxMs}.`,
    );
  }
  return {
    latency,
    failureRate: rate(options, "failureRate"),
    duplicateRate: rate(options, "duplicateRate"),
    dropRate: rate(options, "dropRate"),
    reorderRate: rate(options, "reorderRate"),
    corruptRate: rate(options, "corruptRate"),
  };
}

type RateName = Exclude<keyof Behaviour, "latency">;

function rate(options: SimulatorKnobs, name: RateName): number {
  const { [name]: value = 0 } = options;
  if (value >= 0 && value <= 1) return value;
  throw new AbstraktWebhookError(
    "invalid_options",
    `Expected \`${name}\` to be between 0 and 1, got ${value}.`,
  );
}
