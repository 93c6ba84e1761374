import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import {
  failedPayload,
  mediaOutput,
  pendingPayload,
  succeededPayload,
  uniqueJobId,
  type MediaType,
} from "@abstrakt-webhooks/testing";
import { toLine, wrongUse } from "../errors.ts";
import type { Terminal } from "../terminal.ts";
import { setPaths, type Assignment } from "./set-path.ts";

/** The body of a delivery. */
export interface Payload {
  /** Absent if the body has no readable `job_id`. */
  readonly jobId?: string;
  readonly bytes: Uint8Array;
}

/** Describes a payload to make. */
export interface PayloadWishes {
  readonly status: "succeeded" | "failed" | "processing";
  readonly type: MediaType;
  readonly jobId?: string | undefined;
  readonly set: readonly Assignment[];
}

/** Makes a payload as the provider would send it. */
export function makePayload({ status, type, jobId = uniqueJobId(), set }: PayloadWishes): Payload {
  const made = {
    succeeded: () => succeededPayload({ job_id: jobId, output: mediaOutput(type) }),
    failed: () => failedPayload({ job_id: jobId }),
    processing: () => pendingPayload({ job_id: jobId }),
  }[status]();
  return toPayload(Buffer.from(JSON.stringify(setPaths(made, set))));
}

/**
 * Reads payloads from a file, or from standard input for `-`. A file of JSON lines has a payload in
 * each line. In a line that `dev --record` wrote, the payload is the body. Any other file is one
 * payload, byte for byte.
 *
 * @throws AbstraktWebhookError `invalid_options` when the file cannot be read.
 */
export async function readPayloads(file: string, terminal: Terminal): Promise<Payload[]> {
  const bytes = await readBytes(file, terminal);
  const lines = toObjects(bytes);
  const recorded = lines.some(({ value }) => bodyOfRecord(value) !== undefined);
  if (lines.length < 2 && !recorded) return [toPayload(bytes)];
  return lines.map(({ text, value }) => toPayload(Buffer.from(bodyOfRecord(value) ?? text)));
}

async function readBytes(file: string, { cwd, stdin }: Terminal): Promise<Uint8Array> {
  if (file !== "-") {
    return readFile(resolve(cwd, file)).catch((thrown: unknown) => {
      throw wrongUse(`Expected \`--file\` to be a file that can be read, got ${toLine(thrown)}.`);
    });
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

interface Line {
  readonly text: string;
  readonly value: Record<string, unknown>;
}

/** The lines of a file of JSON lines; none when it is another file. */
function toObjects(bytes: Uint8Array): Line[] {
  try {
    const content = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    const lines = content.split(/\r?\n/).filter((line) => line.trim() !== "");
    const values = lines.map((text) => ({ text, value: JSON.parse(text) as unknown }));
    return values.every((line): line is Line => isObject(line.value)) ? values : [];
  } catch {
    return [];
  }
}

/** `{ atMs, jobId, body, status, ms }`, as `dev --record` writes it. */
const bodyOfRecord = ({ atMs, jobId, body }: Record<string, unknown>): string | undefined =>
  typeof atMs === "number" && typeof jobId === "string" && typeof body === "string"
    ? body
    : undefined;

function toPayload(bytes: Uint8Array): Payload {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (isObject(value) && typeof value["job_id"] === "string") {
      return { jobId: value["job_id"], bytes };
    }
  } catch {
    // It is not JSON. It is sent as it is, to see how the endpoint answers.
  }
  return { bytes };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
