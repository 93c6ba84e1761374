import { deliver, failedPayload, succeededPayload } from "@abstrakt-webhooks/testing";
import { expect } from "vitest";
import type { RunningScript } from "./run-script.ts";

/**
 * Delivers to a running example: a result twice, and a failed job. Then ends the example by
 * SIGTERM, and expects its exit code and one line of output for each job.
 *
 * With `durable`, the example's store survives the process. Then this waits for each callback: a
 * result that arrives while the receiver claims others gets no lease, and the drain leaves it in the
 * store.
 */
export async function expectHandledOnce(
  app: RunningScript,
  url: string,
  { durable = false, exitCode = 0 }: { durable?: boolean; exitCode?: number } = {},
): Promise<void> {
  const succeeded = succeededPayload();
  const failed = failedPayload();
  const answers = await deliver(url, succeeded, { times: 2 });
  if (durable) await handled(app, succeeded.job_id);
  answers.push(...(await deliver(url, failed)));
  if (durable) await handled(app, failed.job_id);
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

/** Resolves when the callback of a job has printed its line. */
export async function handled(app: RunningScript, jobId: string): Promise<void> {
  await app.seen(new RegExp(`^${jobId} `, "m"));
}
