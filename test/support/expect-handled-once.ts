import { deliver, failedPayload, succeededPayload } from "@abstrakt-webhooks/testing";
import { expect } from "vitest";
import type { RunningScript } from "./run-script.ts";

/**
 * Delivers to a running example: a result twice, and a failed job. Then ends the example by
 * SIGTERM, and expects its exit code and one line of output for each job.
 */
export async function expectHandledOnce(
  app: RunningScript,
  url: string,
  exitCode = 0,
): Promise<void> {
  const succeeded = succeededPayload();
  const failed = failedPayload();
  const answers = [
    ...(await deliver(url, succeeded, { times: 2 })),
    ...(await deliver(url, failed)),
  ];
  expect(answers.map(({ status, body }) => [status, body])).toEqual([
    [200, { received: true }],
    [200, { received: true, duplicate: true }],
    [200, { received: true }],
  ]);

  app.terminate();
  expect(await app.ended).toBe(exitCode);
  expect(app.output().match(/^job_.*/gm)).toEqual([
    `${succeeded.job_id} succeeded: ${succeeded.output.items[0]?.url}`,
    `${failed.job_id} failed: ${failed.error.message}`,
  ]);
}
