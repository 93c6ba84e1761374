import type { ReceiverEvent } from "@abstrakt-webhooks/express";
import { getLogger } from "@logtape/logtape";

const LEVELS = { refused: "warn", warning: "warn", retry: "warn", dead: "error" } as const;
const logger = getLogger(["my-app", "webhooks"]);

/** An `onEvent` that writes each event to the category of your choice. */
export function logWithLogTape(event: ReceiverEvent): void {
  const level = event.type in LEVELS ? LEVELS[event.type as keyof typeof LEVELS] : "info";
  const jobId = "jobId" in event ? event.jobId : undefined;
  logger[level]("{type} {jobId}", { ...event, jobId });
}
