import type { Receiver, ReceiverEvent } from "@abstrakt-webhooks/core";
import type { BatchObservableCallback, Meter } from "@opentelemetry/api";
import { ERROR_TYPE, PROCESS_ATTRIBUTES } from "./names.ts";

/** The metrics of one receiver. */
export interface Metrics {
  /** Call it when an attempt has ended. */
  processed(seconds: number, errorType: string | undefined): void;
  /** Counts deliveries and records the time until the answer to each. */
  record(event: ReceiverEvent): void;
  /** Asks the store for its counts at each collection, until the returned function is called. */
  observe(receiver: Receiver): () => void;
}

const OUTCOMES: ReadonlySet<ReceiverEvent["type"]> = new Set([
  "refused",
  "stored",
  "duplicate",
  "conflict",
  "ignored",
  "parked",
]);
/** The bounds in seconds that the conventions recommend for a duration. */
const BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const SECONDS = { unit: "s", advice: { explicitBucketBoundaries: BOUNDARIES } };
/** More bounds, because callbacks may run for minutes. */
const LONG_SECONDS = {
  unit: "s",
  advice: { explicitBucketBoundaries: [...BOUNDARIES, 30, 60, 120, 300] },
};

export function createMetrics(meter: Meter): Metrics {
  const duration = meter.createHistogram("messaging.process.duration", {
    ...LONG_SECONDS,
    description: "How long one attempt's callback ran.",
  });
  const consumed = meter.createCounter("messaging.client.consumed.messages", {
    unit: "{message}",
    description: "Attempts: results handed to a callback.",
  });
  const ackDuration = meter.createHistogram("abstrakt.webhook.ack.duration", {
    ...SECONDS,
    description: "How long a sender waited for its answer.",
  });
  const deliveries = meter.createCounter("abstrakt.webhook.deliveries", {
    unit: "{delivery}",
    description: "Deliveries by outcome.",
  });
  const pending = meter.createObservableGauge("abstrakt.webhook.pending", {
    unit: "{job}",
    description: "Results that wait for their callback.",
  });
  const age = meter.createObservableGauge("abstrakt.webhook.oldest_pending.age", {
    unit: "s",
    description: "How long the oldest unhandled result has waited.",
  });
  const dead = meter.createObservableGauge("abstrakt.webhook.dead", {
    unit: "{job}",
    description: "Dead letters.",
  });

  return {
    processed(seconds, errorType) {
      const attributes = { ...PROCESS_ATTRIBUTES, ...(errorType && { [ERROR_TYPE]: errorType }) };
      duration.record(seconds, attributes);
      consumed.add(1, attributes);
    },
    record(event) {
      if (!OUTCOMES.has(event.type)) return;
      const { ackMs, status } = event as { ackMs?: number; status?: number };
      const outcome = { "abstrakt.webhook.outcome": event.type };
      deliveries.add(1, outcome);
      if (ackMs === undefined) return;
      ackDuration.record(ackMs / 1_000, {
        ...outcome,
        ...(status !== undefined && { "http.response.status_code": status }),
      });
    },
    observe(receiver) {
      const gauges = [pending, age, dead];
      const callback: BatchObservableCallback = async (result) => {
        // A store that is down or cannot count has no numbers. The receiver warns about it.
        const stats = await receiver.stats().catch(() => undefined);
        if (stats === undefined) return;
        result.observe(pending, stats.pending);
        result.observe(age, (stats.oldestPendingMs ?? 0) / 1_000);
        result.observe(dead, stats.dead);
      };
      meter.addBatchObservableCallback(callback, gauges);
      return () => meter.removeBatchObservableCallback(callback, gauges);
    },
  };
}
