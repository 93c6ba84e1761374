import { createReceiver, signedUrl, type Receiver } from "@abstrakt-webhooks/core";
import { deliver, succeededPayload } from "@abstrakt-webhooks/testing";
import { expect } from "vitest";

const PATH = "/api/abstrakt-webhook";

/** A receiver behind `signedUrl`, and the ids of the jobs that its callback has handled. */
export interface RecordingReceiver {
  readonly receiver: Receiver;
  readonly handled: string[];
}

export function recordingReceiver(): RecordingReceiver {
  const handled: string[] = [];
  const receiver = createReceiver({
    auth: signedUrl({ secrets: ["s".repeat(32)], url: `http://localhost${PATH}` }),
    onSucceeded: (job) => void handled.push(job.job_id),
    onEvent: () => undefined,
  });
  return { receiver, handled };
}

/**
 * Delivers to a mounted receiver at `origin` and expects each kind of answer: to a new result, its
 * repeat, a result of 200 kB, a request without a token, two bodies that are no payload, and a body
 * that is too large. The framework answers a GET with `get`.
 */
export async function expectEveryAnswer(
  origin: string,
  { receiver, handled }: RecordingReceiver,
  get: 404 | 405,
): Promise<void> {
  const { search } = new URL(await receiver.webhookUrl());
  const url = `${origin}${PATH}${search}`;
  const payload = succeededPayload();
  const large = { ...succeededPayload(), more: "x".repeat(200_000) };
  const statusOf = async (target: string, body: object | string): Promise<number | undefined> =>
    (await deliver(target, body))[0]?.status;

  const answers = await deliver(url, payload, { times: 2 });
  expect(answers.map(({ status, body }) => [status, body])).toEqual([
    [200, { received: true }],
    [200, { received: true, duplicate: true }],
  ]);
  expect(await statusOf(url, large)).toBe(200);
  expect(await statusOf(`${origin}${PATH}`, payload)).toBe(401);
  expect(await statusOf(url, "{")).toBe(400);
  expect(await statusOf(url, "")).toBe(400);
  expect(await statusOf(url, { ...payload, more: "x".repeat(300_000) })).toBe(413);
  expect((await fetch(url)).status).toBe(get);

  await receiver.idle();
  expect(handled).toEqual([payload.job_id, large.job_id]);
}
