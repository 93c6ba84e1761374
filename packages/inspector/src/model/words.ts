import type { JobState } from "@abstrakt-webhooks/core";

const UNITS = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
] as const;

/** A duration in its largest unit: `3 min`. */
export function toDuration(ms: number): string {
  const unit = UNITS.find(([size]) => Math.abs(ms) >= size);
  return unit === undefined ? `${Math.round(ms)} ms` : `${Math.floor(ms / unit[0])} ${unit[1]}`;
}

/** An age without "ago", for a column whose title says that it is an age. */
export const toAge = (ms: number): string => (ms < 1_000 ? "now" : toDuration(ms));

/** An age with "ago". */
export const toAgo = (ms: number): string => (ms < 1_000 ? "just now" : `${toDuration(ms)} ago`);

/** Milliseconds. Small values have a decimal place. */
export const toMs = (ms: number): string =>
  ms < 10
    ? `${Math.max(0, ms).toFixed(1)} ms`
    : ms < 10_000
      ? `${Math.round(ms)} ms`
      : toDuration(ms);

/** The time of day in UTC, with milliseconds. */
export const toClockTime = (atMs: number): string => toIso(atMs).slice(11, 23);

/** ISO 8601. Empty for an invalid time. */
export const toIso = (atMs: number): string =>
  Math.abs(atMs) <= 8.64e15 ? new Date(atMs).toISOString() : "";

/** The names of the states on the page. */
export const STATE_WORDS: Readonly<Record<JobState, string>> = {
  expected: "expected",
  pending: "waiting",
  leased: "running",
  done: "done",
  dead: "dead",
};

/** `1 job`, `2 jobs`. */
export const toCount = (count: number, noun: string): string =>
  `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
