import { isSpanContextValid, trace, type Link, type SpanContext } from "@opentelemetry/api";

/** The maximum number of jobs whose span is kept. Beyond it, the oldest is dropped. */
const MAX_REMEMBERED = 10_000;

/** The spans that were active when results arrived. Attempts get a link to them. */
export interface Deliveries {
  /** Call it when a result arrives. It keeps the span that is active now. */
  arrived(jobId: string): void;
  /** Empty if another process received the result, or if no span was active. */
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
