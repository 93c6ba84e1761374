import { AbstraktWebhookError, type ErrorCode } from "@abstrakt-webhooks/core";
import { redactText } from "@abstrakt-webhooks/core/store";

type OutputCode = Extract<ErrorCode, `output_${string}`>;

/** An error about one file. Its text has no URL, because a URL may contain a token. */
export const outputError = (
  code: OutputCode,
  index: number,
  expected: string,
  got: string,
  advice: string,
  status?: number,
): AbstraktWebhookError =>
  new AbstraktWebhookError(
    code,
    `Expected output ${index} to ${expected}, got ${redactText(got)}. ${advice}`,
    { details: { index, ...(status !== undefined && { status }) } },
  );

export const refused = (index: number, got: string): AbstraktWebhookError =>
  outputError(
    "output_refused",
    index,
    "come from a host that `hosts` allows",
    got,
    "Name the host in `hosts` if you trust it.",
  );

export const redirectedTooOften = (index: number, max: number): AbstraktWebhookError =>
  outputError(
    "output_refused",
    index,
    `come after at most ${max} redirects`,
    "another one",
    "Ask the provider for a URL that leads to the file.",
  );

export const tooLarge = (index: number, maxBytes: number, got: string): AbstraktWebhookError =>
  outputError(
    "output_too_large",
    index,
    `have at most ${maxBytes} bytes`,
    got,
    "Raise `maxBytes` if the file is wanted.",
  );

export const unavailable = (index: number, got: string, status?: number): AbstraktWebhookError =>
  outputError(
    "output_unavailable",
    index,
    "be sent whole",
    got,
    "Try again later; ask the provider for a new URL if this one has expired.",
    status,
  );
