import type { ReceiverEvent } from "@abstrakt-webhooks/express";
import type { Logger } from "pino";

const LEVELS = { refused: "warn", warning: "warn", retry: "warn", dead: "error" } as const;

/** An `onEvent` that writes each event as one line. */
export const logWithPino = (log: Logger) => (event: ReceiverEvent) => {
  const { type, atMs: _, ...fields } = event;
  // The error that your callback threw, with its stack. `cause` is not enumerable, so name it.
  const err = type === "retry" || type === "dead" ? event.cause : undefined;
  const level = type in LEVELS ? LEVELS[type as keyof typeof LEVELS] : "info";
  log[level]({ ...fields, err }, type);
};
