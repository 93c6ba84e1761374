import type { JobState, ReceiverEvent } from "@abstrakt-webhooks/core";
import type { Colour, Paint } from "./paint.ts";

/** One aligned line for an event. An attempt that starts has no line, because its end has one. */
export function toLine(
  paint: Paint,
  event: ReceiverEvent,
  { sinceMs, about }: { sinceMs: number; about: string },
): string | undefined {
  const told = tell(event);
  if (told === undefined) return undefined;
  const [colour, text] = told;
  const seconds = (sinceMs / 1_000).toFixed(2).padStart(6);
  const jobId = "jobId" in event && event.jobId !== undefined ? event.jobId : "";
  return [
    paint("dim", `${seconds} s`),
    paint(colour, event.type.padEnd(9)),
    jobId.padEnd(16),
    about.padEnd(6),
    text,
  ].join("  ");
}

function tell(event: ReceiverEvent): [Colour, string] | undefined {
  switch (event.type) {
    case "expected":
      return ["dim", "submitted"];
    case "stored":
      return event.source === "webhook"
        ? ["cyan", `acknowledged in ${ms(event.ackMs)}`]
        : ["cyan", "never delivered: fetched by GET"];
    case "duplicate":
      return ["yellow", `suppressed: ${inWords[event.state]}`];
    case "conflict":
      return ["magenta", "the first result counts"];
    case "refused":
      return ["red", `${event.status} ${event.reason.replaceAll("_", " ")}`];
    case "ignored":
      return ["dim", "200, still running"];
    case "parked":
      return ["yellow", "200, unknown status, kept"];
    case "attempt":
    case "poll":
      return undefined;
    case "retry":
      return ["yellow", `${event.error.message}, again in ${ms(event.delayMs)}`];
    case "done":
      return ["green", `callback took ${ms(event.handlerMs)}${nth(event.attempt)}`];
    case "dead":
      return ["red", `dead letter: ${event.reason.replaceAll("_", " ")}`];
    case "warning":
      return ["red", event.error.message];
  }
}

const inWords: Readonly<Record<JobState, string>> = {
  expected: "the job is expected",
  pending: "callback is due",
  leased: "callback is running",
  done: "the job is done",
  dead: "the job is a dead letter",
};

const ms = (value = 0): string =>
  value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;

const nth = (attempt: number): string => (attempt === 1 ? "" : `, attempt ${attempt}`);
