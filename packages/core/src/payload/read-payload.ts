import { bodyTakenApart, tooLarge } from "../body.ts";
import { decodeUtf8, encodeUtf8 } from "../encoding.ts";
import { AbstraktWebhookError } from "../errors.ts";
import { parsePayload, type ParsedPayload } from "./parse-payload.ts";

/** A request's body: its bytes, or the JSON value of a parser that ran before the receiver. */
export type Body = { bytes: Uint8Array } | { parsed: unknown };

/** A payload that names a job, and its JSON text for the store. */
export interface ReadPayload {
  readonly jobId: string;
  readonly parsed: Exclude<ParsedPayload, { kind: "malformed" }>;
  readonly text: string;
}

/** @throws AbstraktWebhookError `malformed`, `body_consumed` or `body_too_large`. */
export function toPayload(body: Body, maxBytes: number): ReadPayload {
  if ("parsed" in body) return readValue(body.parsed, maxBytes);
  const text = decodeUtf8(body.bytes);
  if (text === undefined) throw malformed("the body is not valid UTF-8");
  return recognise(parseJson(text), text);
}

/**
 * The same for a value that a parser has made. It writes the value as JSON and parses this text. So
 * a `toJSON` cannot name another job than the text, and the caller keeps no reference to the
 * result.
 */
export function readValue(value: unknown, maxBytes = Infinity): ReadPayload {
  const text = toText(value);
  if (text.length > maxBytes || encodeUtf8(text).byteLength > maxBytes) throw tooLarge(maxBytes);
  return recognise(parseJson(text), text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed(text.trim() === "" ? "the body is empty" : "the body is not valid JSON");
  }
}

function recognise(value: unknown, text: string): ReadPayload {
  const parsed = parsePayload(value);
  if (parsed.kind === "malformed") {
    throw isTakenApart(value) ? bodyTakenApart() : malformed(parsed.reason);
  }
  return {
    jobId: parsed.kind === "result" ? parsed.result.job_id : parsed.jobId,
    parsed,
    text,
  };
}

/** Whether a form parser has read JSON text: a field's name is then the beginning of an object. */
const isTakenApart = (value: unknown): boolean =>
  typeof value === "object" && value !== null && /^\s*\{/.test(Object.keys(value)[0] ?? "");

function toText(value: unknown): string {
  try {
    // A function or undefined has no JSON text.
    return JSON.stringify(value) ?? "null";
  } catch (cause) {
    throw malformed("it has a value that JSON cannot hold", cause);
  }
}

const malformed = (reason: string, cause?: unknown): AbstraktWebhookError =>
  new AbstraktWebhookError("malformed", `Expected a job's payload: ${reason}.`, { cause });
