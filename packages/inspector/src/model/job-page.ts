import { parsePayload, type JobRecord, type JobResult } from "@abstrakt-webhooks/core";
import type { InspectorSource, SeenEvent } from "../source/source.ts";
import { diffLines, type DiffLine } from "./diff.ts";
import { toJobView, type JobView } from "./job-view.ts";
import { formatJson, type JsonText } from "./json-text.ts";
import { toTimeline, type TimelineEntry } from "./timeline.ts";
import { toTraces } from "./trace.ts";

/** A delivery that contradicted the result. */
export interface Contradiction {
  readonly atMs: number;
  readonly reason: "result" | "binding";
  /** `undefined` if a payload is too long to compare or is not kept. */
  readonly lines?: readonly DiffLine[] | undefined;
  readonly refused?: JsonText | undefined;
}

/** The data of a job's page. */
export interface JobPageModel {
  readonly job: JobView;
  readonly record?: JobRecord | undefined;
  readonly result?: JobResult | undefined;
  readonly payload?: JsonText | undefined;
  readonly timeline: readonly TimelineEntry[];
  readonly contradictions: readonly Contradiction[];
  readonly nowMs: number;
}

/** Reads the data of a job's page. `undefined` if no row and no event has this job. */
export async function readJobPage(
  source: InspectorSource,
  jobId: string,
  nowMs: number,
): Promise<JobPageModel | undefined> {
  const record = await source.find(jobId);
  const trace = toTraces(source.events()).get(jobId);
  if (record === undefined && trace === undefined) return undefined;
  const events = trace?.events ?? [];
  const payload = record?.payload === undefined ? undefined : formatJson(record.payload);
  return {
    job: toJobView(jobId, record, trace, source.outputType(jobId)),
    record,
    payload,
    result: toResult(record?.payload),
    timeline: toTimeline(events, record),
    contradictions: events.filter(isConflict).map((event) => toContradiction(event, payload)),
    nowMs,
  };
}

/** Parses a stored payload. `undefined` if it is no result. */
export function toResult(payload: string | undefined): JobResult | undefined {
  if (payload === undefined) return undefined;
  try {
    const parsed = parsePayload(JSON.parse(payload));
    return parsed.kind === "result" ? parsed.result : undefined;
  } catch {
    return undefined;
  }
}

type Conflict = Extract<SeenEvent, { type: "conflict" }>;

const isConflict = (event: SeenEvent): event is Conflict => event.type === "conflict";

function toContradiction(event: Conflict, kept: JsonText | undefined): Contradiction {
  const { atMs, reason } = event;
  if (event.payload === undefined) return { atMs, reason };
  const refused = formatJson(event.payload);
  return { atMs, reason, refused, lines: kept && diffLines(kept.text, refused.text) };
}
