import { deliver, failedPayload, succeededPayload, uniqueJobId } from "@abstrakt-webhooks/testing";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { createGate, type Gate } from "./gate.ts";
import { runScript } from "./run-script.ts";
import { startTcpProxy } from "./tcp-proxy.ts";

/** An example that passes results on to a queue. */
export interface HandOff {
  readonly folder: string;
  /** The URL of the queue's server. */
  readonly url: string;
  /**
   * The environment of the example's scripts: the given URL of the server, and the test's own
   * queue.
   */
  env(url: string): Record<string, string>;
  /** The ids of all jobs in that queue, whatever their state. */
  jobIds(): Promise<string[]>;
  /** How many times the queue has a result that two processes have added. */
  readonly copies?: number;
  /** True when the queue removes jobs that a worker has done. */
  readonly removesDone?: boolean;
  /** Removes what the test has written. */
  clean(): Promise<void>;
}

const AWAY_MS = 20_000;
/** Enough for three processes that start one after the other, on any machine. */
const PATIENCE_MS = 90_000;

const statusOf = async (url: string, payload: object) => (await deliver(url, payload))[0]?.status;
const isTaken = (url: string, payload: object) =>
  vi.waitFor(async () => expect(await statusOf(url, payload)).toBe(200), AWAY_MS);
const jobsOf = async ({ jobIds }: HandOff, jobId: string) =>
  (await jobIds()).filter((id) => id === jobId);

/** Starts the endpoint with the server at `through`. */
async function start({ folder, env }: HandOff, through: string) {
  const app = runScript(folder, "start", { env: { PORT: "0", ...env(through) } });
  const [url] = await app.seen(/http:\S+webhook/);
  return { app, url };
}

/** The tests that each such example must pass, with the real queue. */
export function runHandOffSuite(name: string, example: HandOff): void {
  const { folder, env, copies = 1, removesDone = false } = example;
  let gate: Gate;
  beforeAll(async () => {
    gate = await createGate(example.url);
  });
  afterAll(async () => {
    await gate.shut();
    await example.clean();
  });

  describe(name, { timeout: PATIENCE_MS }, () => {
    it("a result that is answered 200 is in the queue once, and a worker gets it", async () => {
      const { app, url } = await start(example, gate.url);
      const succeeded = succeededPayload();
      const failed = failedPayload();
      const digits = succeededPayload({ job_id: `${Date.now()}` });
      const colons = succeededPayload({ job_id: `a:b:${uniqueJobId()}/é` });
      const long = succeededPayload({ job_id: uniqueJobId().padEnd(256, "é") });
      const all = [succeeded, failed, digits, colons, long];
      for (const payload of all) await isTaken(url, payload);
      const again = await deliver(url, succeeded, { concurrent: 20 });
      expect(again.map(({ body }) => body)).toEqual(
        again.map(() => ({ received: true, duplicate: true })),
      );
      app.terminate();
      expect(await app.ended).toBe(0);

      // The receiver has restarted without its memory, so only the queue can recognise a repeat.
      const next = await start(example, gate.url);
      for (const payload of all) await isTaken(next.url, payload);
      for (const { job_id } of all) expect(await jobsOf(example, job_id)).toHaveLength(copies);

      const worker = runScript(folder, "work", { env: env(gate.url) });
      for (const { job_id } of all) await worker.seen(new RegExp(`^${job_id} `, "m"));
      await worker.seen(new RegExp(`^${succeeded.job_id} succeeded: https:`, "m"));
      await worker.seen(new RegExp(`^${failed.job_id} failed: ${failed.error.message}`, "m"));
      await isTaken(next.url, succeeded);
      expect(await jobsOf(example, succeeded.job_id)).toHaveLength(removesDone ? 0 : 1);
      worker.terminate();
      expect(await worker.ended).toBe(0);
      expect(worker.output().match(new RegExp(`^${succeeded.job_id} `, "gm"))).toHaveLength(1);
    });

    it("without the engine a result is answered 503, and afterwards it is in the queue once", async () => {
      const { url } = await start(example, gate.url);
      await isTaken(url, succeededPayload());
      await gate.shut();
      onTestFinished(() => gate.open().catch(() => undefined));
      const payload = succeededPayload();
      // Every repeat gets a 503: a result that was given up would be answered 200 and be in no
      // queue.
      const answers = await deliver(url, payload, { times: 15 });
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 503));
      expect(Number(answers[0]?.headers["retry-after"])).toBeGreaterThan(0);
      await gate.open();
      await isTaken(url, payload);
      expect(await jobsOf(example, payload.job_id)).toEqual([payload.job_id]);
    });
  });
}

/** In addition to `runHandOffSuite`: no sender repeats a result, and the endpoint is killed. */
export function runOutageSuite(name: string, example: HandOff): void {
  const { folder, url: direct, env, copies = 1 } = example;
  const startBehindProxy = async () => {
    const proxy = await startTcpProxy(direct);
    onTestFinished(() => proxy.close());
    const { app, url } = await start(example, proxy.url);
    await isTaken(url, succeededPayload());
    return { proxy, app, url };
  };
  const areInQueue = (jobId: string, times: number) =>
    vi.waitFor(async () => expect(await jobsOf(example, jobId)).toHaveLength(times), AWAY_MS);

  describe(`${name}, while its server is down`, { timeout: PATIENCE_MS }, () => {
    it("gets a result that was delivered once, when the server is back", async () => {
      const { proxy, url } = await startBehindProxy();
      proxy.cut();
      const payload = succeededPayload();
      expect(await statusOf(url, payload)).toBe(503);
      expect(await jobsOf(example, payload.job_id)).toEqual([]);
      proxy.mend();
      await areInQueue(payload.job_id, 1);
    });

    it("recognises a result that it confirmed after the endpoint was killed", async () => {
      const { proxy, app, url } = await startBehindProxy();
      proxy.mute();
      const payload = succeededPayload();
      const answer = deliver(url, payload).then(
        () => "answered",
        () => "cut off",
      );
      await areInQueue(payload.job_id, 1);
      app.kill();
      expect(await answer).toBe("cut off");

      const next = await start(example, direct);
      await isTaken(next.url, payload);
      expect(await jobsOf(example, payload.job_id)).toHaveLength(copies);
      const worker = runScript(folder, "work", { env: env(direct) });
      await worker.seen(new RegExp(`^${payload.job_id} `, "m"));
      worker.terminate();
      expect(await worker.ended).toBe(0);
      expect(worker.output().match(new RegExp(`^${payload.job_id} `, "gm"))).toHaveLength(1);
    });
  });
}
