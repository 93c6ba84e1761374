import { AbstraktWebhookError, isAbstraktWebhookError } from "@abstrakt-webhooks/core";

/** 0: well. 1: the thing that was checked or used is not well. 2: wrong use. */
export type ExitCode = 0 | 1 | 2;

/** The user typed something that cannot be meant. */
export const wrongUse = (message: string): AbstraktWebhookError =>
  new AbstraktWebhookError("invalid_options", message);

/** What the command needs is missing or does not answer. */
export const notWell = (message: string, cause?: unknown): AbstraktWebhookError =>
  new AbstraktWebhookError("store_unavailable", message, { cause });

/** The exit code that a thrown error ends the process with. */
export const toExitCode = (thrown: unknown): ExitCode =>
  isAbstraktWebhookError(thrown) && thrown.code === "invalid_options" ? 2 : 1;

/** An error in one line, without a stack. */
export function toLine(thrown: unknown): string {
  const { message = "", code = "" } = (thrown ?? {}) as { message?: string; code?: string };
  // The error of a host with several addresses has a code alone.
  return (message || code || String(thrown)).replaceAll(/\s*\n\s*/g, " ").trim();
}
