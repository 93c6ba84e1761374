import { setTimeout as sleep } from "node:timers/promises";
import { pendingPayload, unrecognizedPayload } from "@abstrakt-webhooks/testing";

/** A request that belongs to no job of the batch, and its answer. */
export interface Stray {
  readonly name: string;
  /** The answer that it must get. */
  readonly expected: number;
  readonly status: number;
}

interface Post {
  readonly name: string;
  readonly expected: number;
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Record<string, string>;
}

const PAUSE_MS = 220;

/** The requests, with the answer that each must get. */
export const posts: readonly Post[] = [
  { name: "a page of HTML", expected: 400, body: "<html></html>" },
  { name: "no job_id", expected: 400, body: '{"status":"succeeded"}' },
  { name: "a job_id that is no text", expected: 400, body: '{"job_id":7,"status":"failed"}' },
  { name: "invalid UTF-8", expected: 400, body: Uint8Array.of(0x22, 0xff, 0x22) },
  { name: "a body of 300 kB", expected: 413, body: `{"job_id":"${"x".repeat(300_000)}"}` },
  {
    name: "compressed",
    expected: 415,
    body: Uint8Array.of(0x1f, 0x8b),
    headers: { "content-encoding": "gzip" },
  },
  {
    name: "still processing",
    expected: 200,
    body: JSON.stringify(pendingPayload({ job_id: "job_stray_1" })),
  },
  {
    name: "an unknown status",
    expected: 200,
    body: JSON.stringify(unrecognizedPayload({ job_id: "job_stray_2" })),
  },
];

/** Posts requests that an open endpoint may get from anybody, while results come. */
export async function postStrays(webhookUrl: string): Promise<Stray[]> {
  const strays: Stray[] = [];
  for (const { name, expected, body, headers = {} } of posts) {
    await sleep(PAUSE_MS);
    const response = await fetch(webhookUrl, { method: "POST", body, headers });
    await response.arrayBuffer();
    strays.push({ name, expected, status: response.status });
  }
  return strays;
}
