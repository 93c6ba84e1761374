import { AbstraktWebhookError, type ReceiverOptions } from "@abstrakt-webhooks/core";
import { checkedFor } from "@abstrakt-webhooks/core/adapter";
import { metrics, trace, type Meter, type Tracer } from "@opentelemetry/api";
import { createDeliveries } from "./deliveries.ts";
import { createMetrics } from "./metrics.ts";
import { NAME } from "./names.ts";
import { traceAttempt } from "./trace-attempt.ts";

/** The tracer and the meter that `withOpenTelemetry` uses. */
export interface OpenTelemetryOptions {
  /** Default: the global provider's, at the time of the call. */
  readonly tracer?: Tracer | undefined;
  /** Default: the global provider's, at the time of the call. */
  readonly meter?: Meter | undefined;
}

/**
 * Adds spans and metrics to a receiver's options. Start your SDK before you call this function. A
 * meter provider that is registered later gets no metrics.
 *
 * Each callback runs within a span `process abstrakt.jobs` of kind CONSUMER, so that the spans of
 * your own code nest under it. It has a link to the span that was active when the result was
 * delivered, if this process received the result. Attributes contain no URL, `ref`, token, payload
 * or error text. `error.type` is the `code` or the class of an error.
 *
 * Without `onEvent` the console still prints warnings, dead letters and first failures. The gauges
 * ask the store for its counts at each collection.
 *
 * @throws AbstraktWebhookError `invalid_options` if the options already have an `instrumentation`.
 *
 * @example
 * ```ts
 * const receiver = createReceiver(withOpenTelemetry({ auth: "none", onSucceeded: saveResult }));
 * ```
 */
export function withOpenTelemetry(
  options: ReceiverOptions,
  given: OpenTelemetryOptions = {},
): ReceiverOptions {
  checkedFor(withOpenTelemetry, () => requireBare(options));
  const tracer = given.tracer ?? trace.getTracer(NAME);
  const { processed, record, observe } = createMetrics(given.meter ?? metrics.getMeter(NAME));
  const deliveries = createDeliveries();
  const now = options.clock ?? (() => performance.now());
  return {
    ...options,
    instrumentation: {
      attach(receiver) {
        receiver.subscribe((event) => {
          record(event);
          if (event.type === "done" || event.type === "dead") deliveries.forget(event.jobId);
        });
        return observe(receiver);
      },
      arrived: deliveries.arrived,
      around(ctx, run) {
        const startedAtMs = now();
        return traceAttempt(tracer, ctx, deliveries.linksTo(ctx.jobId), run, (errorType) =>
          processed((now() - startedAtMs) / 1_000, errorType),
        );
      },
    },
  };
}

function requireBare(options: ReceiverOptions): void {
  if (options.instrumentation === undefined) return;
  throw new AbstraktWebhookError(
    "invalid_options",
    "Expected options without `instrumentation`, got some. Call `withOpenTelemetry` once.",
  );
}
