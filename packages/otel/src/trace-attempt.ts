import type { HandlerContext } from "@abstrakt-webhooks/core";
import {
  context,
  diag,
  SpanKind,
  SpanStatusCode,
  trace,
  type Link,
  type Tracer,
} from "@opentelemetry/api";
import { toCutOffType, toErrorType } from "./error-type.ts";
import { ERROR_TYPE, PROCESS_ATTRIBUTES, SPAN_NAME } from "./names.ts";

/**
 * Runs `run` within a span. The span ends when `run` ends, or when the attempt is aborted. An error of
 * the SDK goes to OpenTelemetry's own log, because it must not become an error of the callback.
 */
export function traceAttempt(
  tracer: Tracer,
  { jobId, signal }: HandlerContext,
  links: Link[],
  run: () => unknown,
  onEnd: (errorType: string | undefined) => void,
): unknown {
  const span = guarded(() =>
    tracer.startSpan(SPAN_NAME, {
      kind: SpanKind.CONSUMER,
      // The request that delivered the result is already answered, so its span is no parent.
      root: true,
      links,
      attributes: { ...PROCESS_ATTRIBUTES, "messaging.message.id": jobId },
    }),
  );
  const active = span && guarded(() => trace.setSpan(context.active(), span));
  let hasEnded = false;
  const end = (errorType?: string): void => {
    // A callback that was aborted may end much later.
    if (hasEnded) return;
    hasEnded = true;
    guarded(() => onEnd(errorType));
    guarded(() => {
      if (errorType !== undefined) {
        span?.setAttribute(ERROR_TYPE, errorType).setStatus({ code: SpanStatusCode.ERROR });
      }
      span?.end();
    });
  };
  signal.addEventListener("abort", () => end(toCutOffType(signal.reason)), { once: true });
  const failed = (thrown: unknown): never => {
    end(toErrorType(thrown));
    throw thrown;
  };
  const start = (): unknown => {
    const outcome = run();
    // A query of some drivers starts when its `then` is called, so call it within the span.
    return isThenable(outcome) ? outcome.then(() => end(), failed) : end();
  };
  try {
    return active ? context.with(active, start) : start();
  } catch (thrown) {
    return failed(thrown);
  }
}

function guarded<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (thrown) {
    diag.error("abstrakt-webhooks: the SDK threw while it traced an attempt", thrown);
    return undefined;
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === "function";
