import { isSpanContextValid, trace, type Link, type SpanContext } from "@opentelemetry/api";

/** Far more than wait at the same time. Beyond that, the oldest is dropped. */
const MAX_REMEMBERED = 10_000;

/** The spans that were active when results came. Attempts get a link to them. */
export interface Deliveries {
  /** Call it when a result comes. It keeps the span that is active now. */
  arrived(jobId: string): void;
  /** `undefined` if another process received the result, or if no span was active. */
  linksTo(jobId: string): Link[];
  /** Call it when the job has no further attempt. */
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
