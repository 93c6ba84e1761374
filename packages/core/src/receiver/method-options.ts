import { requireOptions } from "../checks.ts";
import type { Receiver } from "./receiver.ts";

/** The options that each method takes. The first one is the example of its error. */
const NAMES = {
  submit: ["ref", "signal"],
  webhookUrl: ["ref", "expiresInMs"],
  expect: ["webhookUrl", "ref"],
  result: ["timeoutMs", "signal"],
  list: ["state", "prefix", "limit", "after", "payloads"],
} as const satisfies Partial<Record<keyof Receiver, readonly string[]>>;

/** A method that takes options. */
export type MethodWithOptions = keyof typeof NAMES;

/** @throws AbstraktWebhookError `invalid_options` for an option that `method` does not take. */
export const requireMethodOptions = (method: MethodWithOptions, given: unknown): void =>
  requireOptions(method, NAMES[method], given);
