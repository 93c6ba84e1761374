import { fileURLToPath } from "node:url";
import { deliver, failedPayload, succeededPayload } from "@abstrakt-webhooks/testing";
import { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { createGate } from "../../../test/support/gate.ts";
import { findPostgres } from "../../../test/support/postgres-server.ts";
import { runScript } from "../../../test/support/run-script.ts";
import { startCommitTrap } from "./commit-trap.ts";

const folder = fileURLToPath(new URL("..", import.meta.url));
const server = await findPostgres();

if (server === undefined) {
  describe("graphile-worker", () =>
    it.skip("no PostgreSQL: set DATABASE_URL, or put initdb and postgres on the PATH"));
} else {
  const name = `test_${crypto.randomUUID().replaceAll("-", "_")}`;
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const admin = new Pool({ connectionString: server.url, max: 1 });
  const pool = new Pool({ connectionString: url.href, max: 1 });
  // `end` does not wait until the server has closed the connection, so FORCE may end it with an error.
  pool.on("error", () => undefined);
  beforeAll(async () => {
    await admin.query(`CREATE DATABASE ${name}`);
  });
  afterAll(async () => {
    await pool.end();
    await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await admin.end();
    await server.stop();
  });

  const start = async (through: string) => {
    const env = { PORT: "0", LEASE_MS: "1000", DATABASE_URL: through };
    const app = runScript(folder, "start", { env });
    const [endpoint] = await app.seen(/http:\S+webhook/);
    return { app, endpoint };
  };
  const work = () => runScript(folder, "work", { env: { DATABASE_URL: url.href } });
  const answerTo = async (endpoint: string, payload: object) =>
    (await deliver(endpoint, payload))[0];
  /** How many jobs wait for a worker, and the state of the kit's own row. */
  const seen = async (jobId: string) => {
    const { rows } = await pool.query<{ jobs: number; state: string }>(
      `SELECT state, (SELECT count(*)::int FROM graphile_worker.jobs WHERE key = 'handle_result:' || $1) AS jobs
       FROM abstrakt_jobs WHERE job_id = $1`,
      [jobId],
    );
    return rows[0];
  };
  const oneJob = (jobId: string) =>
    vi.waitFor(async () => expect(await seen(jobId)).toEqual({ state: "done", jobs: 1 }), 20_000);
  const timesIn = (output: string, jobId: string) =>
    output.match(new RegExp(`^${jobId} `, "gm"))?.length ?? 0;

  describe("graphile-worker", { timeout: 90_000 }, () => {
    it("adds one job for a result that comes often, and a worker gets it", async () => {
      const { endpoint } = await start(url.href);
      const [succeeded, failed] = [succeededPayload(), failedPayload()];
      await deliver(endpoint, succeeded, { concurrent: 20 });
      await deliver(endpoint, failed, { concurrent: 20 });
      for (const { job_id } of [succeeded, failed]) await oneJob(job_id);
      const worker = work();
      await worker.seen(new RegExp(`^${succeeded.job_id} succeeded: https:`, "m"));
      await worker.seen(new RegExp(`^${failed.job_id} failed: ${failed.error.message}`, "m"));
      // graphile-worker has deleted the job and its key. The kit's row still recognises the result.
      await vi.waitFor(async () =>
        expect(await seen(succeeded.job_id)).toEqual({ state: "done", jobs: 0 }),
      );
      const again = await answerTo(endpoint, succeeded);
      expect(again?.body).toEqual({ received: true, duplicate: true });
      expect(await seen(succeeded.job_id)).toEqual({ state: "done", jobs: 0 });
      worker.terminate();
      expect(await worker.ended).toBe(0);
      expect(timesIn(worker.output(), succeeded.job_id)).toBe(1);
    });

    it.each([
      { held: "commit", left: { state: "leased", jobs: 0 } },
      { held: "answer", left: { state: "done", jobs: 1 } },
    ] as const)(
      "adds one job although kill -9 comes while a proxy keeps back the $held",
      async ({ held, left }) => {
        const trap = await startCommitTrap(url.href);
        onTestFinished(() => trap.close());
        const { app, endpoint } = await start(trap.url);
        const payload = succeededPayload();
        const sprung = trap.spring(held);
        expect((await answerTo(endpoint, payload))?.status).toBe(200);
        await sprung;
        app.kill();
        await app.ended;
        await vi.waitFor(async () => expect(await seen(payload.job_id)).toEqual(left));

        const next = await start(url.href);
        await oneJob(payload.job_id);
        const again = await answerTo(next.endpoint, payload);
        expect(again?.body).toEqual({ received: true, duplicate: true });
        const worker = work();
        await worker.seen(new RegExp(`^${payload.job_id} `, "m"));
        worker.terminate();
        expect(await worker.ended).toBe(0);
        expect(timesIn(worker.output(), payload.job_id)).toBe(1);
      },
    );

    it("answers 503 while PostgreSQL is down, and adds one job afterwards", async () => {
      const gate = await createGate(url.href);
      onTestFinished(() => gate.shut().catch(() => undefined));
      const { endpoint } = await start(gate.url);
      await gate.shut();
      const payload = succeededPayload();
      expect((await answerTo(endpoint, payload))?.status).toBe(503);
      await gate.open();
      await vi.waitFor(
        async () => expect((await answerTo(endpoint, payload))?.status).toBe(200),
        20_000,
      );
      await oneJob(payload.job_id);
    });
  });
}
