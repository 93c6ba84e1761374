import { appendFileSync } from "node:fs";
import { resolve } from "node:path";
import type { DeliveryRecord } from "@abstrakt-webhooks/testing/simulator";
import { wallClock } from "../clock.ts";
import { toLine, wrongUse } from "../errors.ts";
import type { Output } from "../output.ts";

/** Appends a delivery to a file of JSON lines that `trigger --file` reads. */
export type Recording = (delivery: DeliveryRecord) => void;

/**
 * Opens a file for a recording, and appends to it. If it cannot be written any more, the recording
 * ends with a remark.
 *
 * @throws AbstraktWebhookError `invalid_options` when the file cannot be written.
 */
export function openRecording(file: string, cwd: string, output: Output): Recording {
  const path = resolve(cwd, file);
  let ended = false;
  try {
    appendFileSync(path, "");
  } catch (thrown) {
    throw wrongUse(
      `Expected \`--record\` to be a file that can be written, got ${toLine(thrown)}.`,
    );
  }
  return ({ jobId, sent, status, durationMs }) => {
    const line = { atMs: wallClock(), jobId, body: sent, status, ms: Math.round(durationMs) };
    if (ended) return;
    try {
      appendFileSync(path, `${JSON.stringify(line)}\n`);
    } catch (thrown) {
      ended = true;
      output.note(`The recording ends here, because ${file} cannot be written: ${toLine(thrown)}`);
    }
  };
}
