import type { JobState } from "@abstrakt-webhooks/core";
import type { SeenEvent } from "../source/source.ts";

/** The events of one job that this process has seen, with their counts. */
export interface Trace {
  readonly jobId: string;
  readonly events: SeenEvent[];
  readonly firstMs: number;
  ref?: string;
  /** Deliveries that repeated the result. */
  duplicates: number;
  /** Deliveries that contradicted the result. */
  conflicts: number;
  attempts: number;
  ackMs?: number;
  error?: string;
  /** The state after the newest event. */
  state?: JobState;
}

/** The traces of all jobs in these events, in the order in which each job was first seen. */
export function toTraces(events: readonly SeenEvent[]): ReadonlyMap<string, Trace> {
  const traces = new Map<string, Trace>();
  for (const event of events) {
    const { jobId } = event as { jobId?: string };
    if (jobId === undefined) continue;
    let trace = traces.get(jobId);
    if (trace === undefined) {
      trace = { jobId, events: [], firstMs: event.atMs, duplicates: 0, conflicts: 0, attempts: 0 };
      traces.set(jobId, trace);
    }
    follow(trace, event);
  }
  return traces;
}

function follow(trace: Trace, event: SeenEvent): void {
  trace.events.push(event);
  if ("ref" in event && event.ref !== undefined && event.type !== "conflict") trace.ref = event.ref;
  switch (event.type) {
    case "expected":
      trace.state ??= "expected";
      break;
    case "stored":
    case "parked":
      if (event.ackMs !== undefined) trace.ackMs = event.ackMs;
      trace.state = event.type === "stored" ? "pending" : "dead";
      break;
    case "duplicate":
      trace.duplicates += 1;
      trace.state ??= event.state;
      break;
    case "conflict":
      trace.conflicts += 1;
      trace.state ??= event.state;
      break;
    case "attempt":
      trace.attempts = event.attempt;
      trace.state = "leased";
      break;
    case "retry":
      trace.error = toText(event.error);
      trace.state = "pending";
      break;
    case "dead":
      trace.error = event.error ? toText(event.error) : event.reason;
      trace.state = "dead";
      break;
    case "done":
      trace.state = "done";
      break;
    case "undelivered":
      trace.error = event.reason;
      trace.state = "dead";
      break;
    case "redriven":
      trace.state = "pending";
      break;
    default:
  }
}

const toText = ({ code, message }: { code: string; message: string }): string =>
  message === "" ? code : `${code}: ${message}`;
