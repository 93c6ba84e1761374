import { appendFileSync } from "node:fs";
import { resolve } from "node:path";
import type { DeliveryRecord } from "@abstrakt-webhooks/testing/simulator";
import { wallClock } from "../clock.ts";
import { toLine, wrongUse } from "../errors.ts";

/** Adds a delivery to a file of JSON lines that `trigger --file` reads. */
export type Recording = (delivery: DeliveryRecord) => void;

/**
 * Opens a recording; what the file holds already is kept.
 *
 * @throws AbstraktWebhookError `invalid_options` when the file cannot be written.
 */
export function openRecording(file: string, cwd: string): Recording {
  const path = resolve(cwd, file);
  try {
    appendFileSync(path, "");
  } catch (thrown) {
    throw wrongUse(
      `Expected \`--record\` to be a file that can be written, got ${toLine(thrown)}.`,
    );
  }
  return ({ jobId, sent, status, durationMs }) => {
    const line = { atMs: wallClock(), jobId, body: sent, status, ms: Math.round(durationMs) };
    appendFileSync(path, `${JSON.stringify(line)}\n`);
  };
}
