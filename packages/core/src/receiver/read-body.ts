import { encodeUtf8, tooLarge } from "../bytes.ts";
import { AbstraktWebhookError } from "../errors.ts";
import { parseJson } from "../payload/parse-json.ts";
import { parsePayload, type ParsedPayload } from "../payload/parse-payload.ts";
import type { HttpDelivery } from "./receiver.ts";
import type { Settings } from "./settings.ts";

type Body = Awaited<ReturnType<HttpDelivery["body"]>>;

/** A payload that names a job, and the JSON text to keep. */
export interface ReadPayload {
  readonly jobId: string;
  readonly parsed: Exclude<ParsedPayload, { kind: "malformed" }>;
  readonly text: string;
}

/** Waits for the body, at most `limits.bodyTimeoutMs` long, and reads it as a payload. */
export function readBody(
  { deadlines, limits }: Pick<Settings, "deadlines" | "limits">,
  delivery: HttpDelivery,
): Promise<ReadPayload> {
  const { maxBodyBytes, bodyTimeoutMs } = limits;
  return new Promise((resolve, reject) => {
    const cancel = deadlines.body(() => reject(tooSlow(bodyTimeoutMs)));
    const fail = (thrown: unknown): void => {
      cancel();
      reject(thrown);
    };
    const read = (body: Body): void => {
      cancel();
      try {
        resolve(toPayload(body, maxBodyBytes));
      } catch (thrown) {
        reject(thrown);
      }
    };
    delivery.body(maxBodyBytes).then(read, fail);
  });
}

function toPayload(body: Body, maxBytes: number): ReadPayload {
  if ("parsed" in body) return readValue(body.parsed, maxBytes);
  if (body.bytes.byteLength > maxBytes) throw tooLarge(maxBytes);
  const json = parseJson(body.bytes);
  if (!json.ok) throw malformed(json.reason);
  return recognise(json.value, json.text);
}

/** The same for a value that was parsed elsewhere. */
export function readValue(value: unknown, maxBytes = Infinity): ReadPayload {
  const payload = recognise(value);
  const { text } = payload;
  if (text.length > maxBytes || encodeUtf8(text).byteLength > maxBytes) throw tooLarge(maxBytes);
  return payload;
}

function recognise(value: unknown, text?: string): ReadPayload {
  const parsed = parsePayload(value);
  if (parsed.kind === "malformed") throw malformed(parsed.reason);
  return {
    jobId: parsed.kind === "result" ? parsed.result.job_id : parsed.jobId,
    parsed,
    // Only after parsing: what nests too deep cannot be written.
    text: text ?? toText(value),
  };
}

function toText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw malformed("it holds what JSON cannot", cause);
  }
}

const malformed = (reason: string, cause?: unknown): AbstraktWebhookError =>
  new AbstraktWebhookError("malformed", `Expected a job's payload: ${reason}.`, { cause });

const tooSlow = (timeoutMs: number): AbstraktWebhookError =>
  new AbstraktWebhookError(
    "body_timeout",
    `Expected the whole body within ${timeoutMs} ms (limits.bodyTimeoutMs).`,
  );
