import { AbstraktWebhookError, isAbstraktWebhookError } from "@abstrakt-webhooks/core";

/** 0: no problem. 1: something failed. 2: the command line is wrong. */
export type ExitCode = 0 | 1 | 2;

/** The command line is wrong. */
export const wrongUse = (message: string): AbstraktWebhookError =>
  new AbstraktWebhookError("invalid_options", message);

/** Something that the command needs is missing or does not answer. */
export const notWell = (message: string, cause?: unknown): AbstraktWebhookError =>
  new AbstraktWebhookError("store_unavailable", message, { cause });

/** The exit code for a thrown error. */
export const toExitCode = (thrown: unknown): ExitCode =>
  isAbstraktWebhookError(thrown) && thrown.code === "invalid_options" ? 2 : 1;

/** An error in one line, without a stack. */
export function toLine(thrown: unknown): string {
  const { message = "", code = "" } = (thrown ?? {}) as { message?: string; code?: string };
  // If a host has several addresses, Node's error has a code and no message.
  return (message || code || String(thrown)).replaceAll(/\s*\n\s*/g, " ").trim();
}
