import { isSpanContextValid, trace, type Link, type SpanContext } from "@opentelemetry/api";

/** Far more than wait at once; the oldest goes first. */
const MAX_REMEMBERED = 10_000;

/** The spans that were active when results came, to link attempts to them. */
export interface Deliveries {
  /** A result came, in the async context of now. */
  arrived(jobId: string): void;
  /** None where another process took the delivery, or no span was active. */
  linksTo(jobId: string): Link[];
  /** No attempt of the job follows. */
  forget(jobId: string): void;
}

export function createDeliveries(): Deliveries {
  const contexts = new Map<string, SpanContext>();
  return {
    arrived(jobId) {
      const context = trace.getActiveSpan()?.spanContext();
      if (context === undefined || !isSpanContextValid(context)) return;
      const [oldest] = contexts.keys();
      if (contexts.size >= MAX_REMEMBERED && oldest !== undefined) contexts.delete(oldest);
      contexts.set(jobId, context);
    },
    linksTo(jobId) {
      const context = contexts.get(jobId);
      return context === undefined ? [] : [{ context }];
    },
    forget: (jobId) => void contexts.delete(jobId),
  };
}
