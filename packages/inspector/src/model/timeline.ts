import type { DeathReason, JobRecord, PollReason, Source } from "@abstrakt-webhooks/core";
import type { SeenEvent } from "../source/source.ts";
import { toDuration, toMs } from "./words.ts";

/** One line of a job's history. */
export interface TimelineEntry {
  readonly atMs: number;
  readonly title: string;
  readonly detail?: string | undefined;
  readonly tone: "plain" | "good" | "repeat" | "bad";
}

/** Makes a job's history from the events of this process. The row adds what it did not see. */
export function toTimeline(
  events: readonly SeenEvent[],
  record: JobRecord | undefined,
): readonly TimelineEntry[] {
  const entries = [...fromRow(record, events), ...events.map(toEntry)];
  return entries.sort((a, b) => a.atMs - b.atMs);
}

const UNSEEN = "known from the stored row; this process did not see it";

function fromRow(record: JobRecord | undefined, events: readonly SeenEvent[]): TimelineEntry[] {
  const saw = (...types: string[]): boolean => events.some(({ type }) => types.includes(type));
  const entries: TimelineEntry[] = [];
  if (record?.receivedAtMs !== undefined && !saw("stored", "parked")) {
    entries.push({ atMs: record.receivedAtMs, title: "Delivered", detail: UNSEEN, tone: "plain" });
  }
  if (record?.settledAtMs !== undefined && !saw("done", "dead", "parked")) {
    const [title, tone] =
      record.state === "dead" ? (["Dead", "bad"] as const) : (["Done", "good"] as const);
    entries.push({ atMs: record.settledAtMs, title, detail: UNSEEN, tone });
  }
  return entries;
}

const SOURCES: Readonly<Record<Source, string>> = {
  webhook: "by webhook",
  poll: "by a poll",
  manual: "by hand",
};

const POLLS: Readonly<Record<PollReason, string>> = {
  arrived: "the result is there",
  pending: "the job still runs",
  unknown: "the provider does not know the job",
  unrecognized: "the answer was not recognised",
  failed: "the provider could not be asked",
};

/** Texts for the reasons why a job is dead. */
const DEATHS: Readonly<Record<DeathReason, string>> = {
  attempts_exhausted: "no attempt is left",
  unknown_job: "the provider does not know this job",
  unrecognized: "the payload was not recognised",
  never_delivered: "no result ever came",
};

/** The answer to a delivery. Empty if the delivery did not arrive by HTTP. */
function answer(event: { status?: number | undefined; ackMs?: number | undefined }): string {
  const { status, ackMs } = event;
  if (status === undefined) return "";
  return `, answered ${status}${ackMs === undefined ? "" : ` in ${toMs(ackMs)}`}`;
}

const words = (error: { code: string; message: string } | undefined): string =>
  error === undefined ? "" : error.message === "" ? error.code : `${error.code}: ${error.message}`;

const again = (delayMs: number | undefined): string =>
  delayMs === undefined ? "" : `, again in ${toDuration(delayMs)}`;

function toEntry(event: SeenEvent): TimelineEntry {
  const { atMs } = event;
  switch (event.type) {
    case "expected":
      return { atMs, title: "Expected", detail: "its result is awaited", tone: "plain" };
    case "stored":
      return {
        atMs,
        title: "Delivered",
        detail: SOURCES[event.source] + answer(event),
        tone: "good",
      };
    case "duplicate": {
      const detail = `the same result once more${answer(event)}; no callback ran for it`;
      return { atMs, title: "Duplicate", detail, tone: "repeat" };
    }
    case "conflict": {
      const what = event.reason === "binding" ? "it came by another URL" : "another result";
      return {
        atMs,
        title: "Conflict",
        detail: `${what}${answer(event)}; the first one stays`,
        tone: "bad",
      };
    }
    case "ignored":
      return {
        atMs,
        title: "Still running",
        detail: `a status, no result${answer(event)}`,
        tone: "plain",
      };
    case "parked":
      return {
        atMs,
        title: "Parked",
        detail: `the payload was not recognised${answer(event)}`,
        tone: "bad",
      };
    case "poll": {
      const detail = POLLS[event.reason] + again(event.delayMs);
      return { atMs, title: `Poll ${event.attempt}`, detail, tone: "plain" };
    }
    case "attempt":
      return {
        atMs,
        title: `Attempt ${event.attempt}`,
        detail: "the callback starts",
        tone: "plain",
      };
    case "retry": {
      const detail = `${words(event.error)} (after ${toMs(event.handlerMs)}${again(event.delayMs)})`;
      return { atMs, title: `Attempt ${event.attempt} failed`, detail, tone: "bad" };
    }
    case "done":
      return {
        atMs,
        title: "Done",
        detail: `the callback took ${toMs(event.handlerMs)}`,
        tone: "good",
      };
    case "dead": {
      const detail = [DEATHS[event.reason], words(event.error)].filter(Boolean).join(": ");
      return { atMs, title: "Dead", detail, tone: "bad" };
    }
    case "warning":
      return { atMs, title: "Warning", detail: event.error.message, tone: "bad" };
    case "refused":
      return { atMs, title: `Refused with ${event.status}`, detail: event.reason, tone: "bad" };
    case "undelivered":
      return { atMs, title: "Not delivered", detail: event.reason, tone: "bad" };
    case "redriven":
      return { atMs, title: "Redriven", detail: "by hand, on this page", tone: "plain" };
    case "replayed": {
      const detail =
        event.of === undefined ? "its own payload, by hand" : `the payload of ${event.of}, by hand`;
      return { atMs, title: "Replay", detail, tone: "repeat" };
    }
  }
}
