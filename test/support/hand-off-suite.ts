import { deliver, failedPayload, succeededPayload, uniqueJobId } from "@abstrakt-webhooks/testing";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { createGate, type Gate } from "./gate.ts";
import { runScript } from "./run-script.ts";

/** An example that hands results off to a queue. */
export interface HandOff {
  readonly folder: string;
  /** Of the server behind the queue. */
  readonly url: string;
  /** What the example's scripts need, to use that server by this URL and a queue of the test's own. */
  env(url: string): Record<string, string>;
  /** Of all jobs in that queue, whatever their state. */
  jobIds(): Promise<string[]>;
  /** Removes what the test has left. */
  clean(): Promise<void>;
}

const AWAY_MS = 20_000;
/** Three processes are started one after the other, on whatever machine. */
const PATIENCE_MS = 90_000;

/** The tests that each such example must pass, on the real queue. */
export function runHandOffSuite(name: string, example: HandOff): void {
  const { folder, env, jobIds } = example;
  let gate: Gate;
  beforeAll(async () => {
    gate = await createGate(example.url);
  });
  afterAll(async () => {
    await gate.shut();
    await example.clean();
  });

  const start = async () => {
    const app = runScript(folder, "start", { env: { PORT: "0", ...env(gate.url) } });
    const [url] = await app.seen(/http:\S+webhook/);
    return { app, url };
  };
  const statusOf = async (url: string, payload: object) => (await deliver(url, payload))[0]?.status;
  const isTaken = (url: string, payload: object) =>
    vi.waitFor(async () => expect(await statusOf(url, payload)).toBe(200), AWAY_MS);
  const jobsOf = async (jobId: string) => (await jobIds()).filter((id) => id === jobId);

  describe(name, { timeout: PATIENCE_MS }, () => {
    it("200 means in the queue, once, and a worker gets it", async () => {
      const { app, url } = await start();
      const succeeded = succeededPayload();
      const failed = failedPayload();
      const digits = succeededPayload({ job_id: `${Date.now()}` });
      const colons = succeededPayload({ job_id: `a:b:${uniqueJobId()}/é` });
      const all = [succeeded, failed, digits, colons];
      for (const payload of all) await isTaken(url, payload);
      const again = await deliver(url, succeeded, { concurrent: 20 });
      expect(again.map(({ body }) => body)).toEqual(
        again.map(() => ({ received: true, duplicate: true })),
      );
      app.terminate();
      expect(await app.ended).toBe(0);

      // The receiver's memory is gone: now only the queue recognises a repeat.
      const next = await start();
      for (const payload of all) await isTaken(next.url, payload);
      for (const { job_id } of all) expect(await jobsOf(job_id)).toEqual([job_id]);

      const worker = runScript(folder, "work", { env: env(gate.url) });
      for (const { job_id } of all) await worker.seen(new RegExp(`^${job_id} `, "m"));
      await worker.seen(new RegExp(`^${succeeded.job_id} succeeded: https:`, "m"));
      await worker.seen(new RegExp(`^${failed.job_id} failed: ${failed.error.message}`, "m"));
      await isTaken(next.url, succeeded);
      expect(await jobsOf(succeeded.job_id)).toHaveLength(1);
      worker.terminate();
      expect(await worker.ended).toBe(0);
      expect(worker.output().match(new RegExp(`^${succeeded.job_id} `, "gm"))).toHaveLength(1);
    });

    it("without the engine 503, and afterwards in the queue, once", async () => {
      const { url } = await start();
      await isTaken(url, succeededPayload());
      await gate.shut();
      onTestFinished(() => gate.open().catch(() => undefined));
      const payload = succeededPayload();
      // However often: a result that was given up would be answered 200, and be in no queue.
      const answers = await deliver(url, payload, { times: 15 });
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 503));
      expect(Number(answers[0]?.headers["retry-after"])).toBeGreaterThan(0);
      await gate.open();
      await isTaken(url, payload);
      expect(await jobsOf(payload.job_id)).toEqual([payload.job_id]);
    });
  });
}
