import { AbstraktWebhookError, isAbstraktWebhookError } from "@abstrakt-webhooks/core";

/** 0: all is well. 1: the checked thing is not well. 2: the command line is wrong. */
export type ExitCode = 0 | 1 | 2;

/** The command line is wrong. */
export const wrongUse = (message: string): AbstraktWebhookError =>
  new AbstraktWebhookError("invalid_options", message);

/** Something that the command needs is missing or does not answer. */
export const notWell = (message: string, cause?: unknown): AbstraktWebhookError =>
  new AbstraktWebhookError("store_unavailable", message, { cause });

/** The exit code that a thrown error ends the process with. */
export const toExitCode = (thrown: unknown): ExitCode =>
  isAbstraktWebhookError(thrown) && thrown.code === "invalid_options" ? 2 : 1;

/** An error in one line, without a stack. */
export function toLine(thrown: unknown): string {
  const { message = "", code = "" } = (thrown ?? {}) as { message?: string; code?: string };
  // For a host with several addresses, Node gives the error a code and no message.
  return (message || code || String(thrown)).replaceAll(/\s*\n\s*/g, " ").trim();
}
