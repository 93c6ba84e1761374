import type { JobRecord } from "@abstrakt-webhooks/core";
import { printable, toTable } from "../output.ts";

const MAX_ERROR_LENGTH = 60;

/** Records as a table for people. */
export function toRecordTable(records: readonly JobRecord[]): string {
  if (records.length === 0) return "No jobs.";
  const rows = records.map((record) => [
    printable(record.jobId),
    record.state,
    String(record.attempts),
    toTime(record.receivedAtMs),
    toDue(record.dueInMs),
    printable((record.error ?? "").replaceAll(/\s+/g, " ").slice(0, MAX_ERROR_LENGTH)),
  ]);
  return toTable(["JOB", "STATE", "ATTEMPTS", "RECEIVED", "DUE", "ERROR"], rows);
}

/** One record for people, with a line for each field that it has. */
export function toRecordLines(record: JobRecord): string {
  const { receivedAtMs, settledAtMs, dueInMs, payload, ...rest } = record;
  const known = {
    ...rest,
    received: toTime(receivedAtMs),
    settled: toTime(settledAtMs),
    due: toDue(dueInMs),
    payload,
  };
  const lines = Object.entries(known).filter(([, value]) => value !== undefined && value !== "");
  return lines.map(([name, value]) => `${name.padEnd(9)} ${toLines(String(value))}`).join("\n");
}

const toLines = (text: string): string => text.split(/\r?\n/).map(printable).join("\n");

const toTime = (atMs: number | undefined): string =>
  atMs === undefined ? "" : new Date(atMs).toISOString();

/** `in 5 s`, or `now` when overdue. */
function toDue(dueInMs: number | undefined): string {
  if (dueInMs === undefined) return "";
  return dueInMs <= 0 ? "now" : `in ${Math.ceil(dueInMs / 1_000)} s`;
}
