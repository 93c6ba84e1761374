import { context } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type DataPoint,
  type Histogram,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type ReadableSpan,
} from "@opentelemetry/sdk-trace-base";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { onTestFinished } from "vitest";

/** The real SDK, which exports to memory. */
export function startSdk() {
  const spanExporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(spanExporter)],
  });
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({
    exporter: metricExporter,
    exportIntervalMillis: 3_600_000,
  });
  const meterProvider = new MeterProvider({ readers: [reader] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  onTestFinished(async () => {
    context.disable();
    await meterProvider.shutdown();
  });
  return {
    tracer: provider.getTracer("test"),
    meter: meterProvider.getMeter("test"),
    spans: (): ReadableSpan[] => spanExporter.getFinishedSpans(),
    attempts: (): ReadableSpan[] =>
      spanExporter.getFinishedSpans().filter(({ name }) => name === "process abstrakt.jobs"),
    /** The points of each metric, by its name. */
    async metrics(): Promise<Record<string, { unit: string; points: Point[] }>> {
      metricExporter.reset();
      await reader.forceFlush();
      const all = metricExporter
        .getMetrics()
        .flatMap(({ scopeMetrics }) => scopeMetrics)
        .flatMap(({ metrics }) => metrics);
      return Object.fromEntries(
        all.map(({ descriptor, dataPoints }) => [
          descriptor.name,
          {
            unit: descriptor.unit,
            points: (dataPoints as DataPoint<number | Histogram>[]).map(
              ({ attributes, value }) => ({
                attributes,
                value: typeof value === "number" ? value : { sum: value.sum, count: value.count },
              }),
            ),
          },
        ]),
      );
    },
  };
}

interface Point {
  attributes: Record<string, unknown>;
  value: number | { sum: number | undefined; count: number };
}

export const requestOf = (payload: unknown = succeededPayload(), query = ""): Request =>
  new Request(`https://app.example.com/api/abstrakt-webhook${query}`, {
    method: "POST",
    body: JSON.stringify(payload),
  });
