import { deliver, failedPayload, succeededPayload } from "@abstrakt-webhooks/testing";
import { expect } from "vitest";
import type { RunningScript } from "./run-script.ts";

/**
 * Delivers to a running example: a result twice, and a failed job. Then ends the example by
 * SIGTERM, and expects its exit code and one line of output for each job.
 *
 * `durable`: the example's results survive it. SIGTERM then waits for both lines, because a result
 * that arrives while the receiver claims others gets no lease, and the drain leaves it in the store.
 */
export async function expectHandledOnce(
  app: RunningScript,
  url: string,
  { durable = false, exitCode = 0 }: { durable?: boolean; exitCode?: number } = {},
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

  if (durable) await handled(app, [succeeded.job_id, failed.job_id]);
  app.terminate();
  expect(await app.ended).toBe(exitCode);
  const lines = [
    `${succeeded.job_id} succeeded: ${succeeded.output.items[0]?.url}`,
    `${failed.job_id} failed: ${failed.error.message}`,
  ];
  expect(
    app
      .output()
      .match(/^job_.*/gm)
      ?.sort(),
  ).toEqual(lines.sort());
}

/** Resolves when the callbacks of these jobs have printed their lines. */
export async function handled(app: RunningScript, jobIds: readonly string[]): Promise<void> {
  for (const jobId of jobIds) await app.seen(new RegExp(`^${jobId} `, "m"));
}
