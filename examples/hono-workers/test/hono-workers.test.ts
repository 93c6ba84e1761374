import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { signedUrl } from "@abstrakt-webhooks/hono";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  bundle,
  inWorkerd,
  migrate,
  skipsWorkerd,
  startWorkerd,
  type Miniflare,
} from "../../../test/runtimes/workerd/workerd.ts";

const folder = fileURLToPath(new URL("..", import.meta.url));
const WEBHOOK_URL = "http://127.0.0.1/api/abstrakt-webhook";
const WEBHOOK_SECRET = "a secret of at least thirty-two characters";

describe.skipIf(skipsWorkerd)(inWorkerd("the example in workerd"), () => {
  let workerd: Miniflare;
  beforeAll(async () => {
    workerd = await startWorkerd({
      // Bundled like a deployment, from the built packages.
      script: await bundle(`${folder}worker.ts`),
      d1Databases: ["DB"],
      queueProducers: { RESULTS: "results" },
      queueConsumers: { results: { maxBatchTimeout: 0 } },
      bindings: { WEBHOOK_SECRET, WEBHOOK_URL },
    });
    await migrate(workerd);
    const database = await workerd.getD1Database("DB");
    for (const file of readdirSync(`${folder}migrations`)) {
      await database.prepare(readFileSync(`${folder}migrations/${file}`, "utf8")).run();
    }
  });
  afterAll(() => workerd?.dispose());

  const rows = async (sql: string): Promise<unknown[]> =>
    (await (await workerd.getD1Database("DB")).prepare(sql).all()).results;
  /** The URLs that the queue's consumer has saved for a job. Waits for the first one. */
  const saved = (jobId: string): Promise<unknown> =>
    vi.waitFor(async () => {
      const found = await rows(`SELECT url FROM results WHERE job_id = '${jobId}'`);
      expect(found).not.toEqual([]);
      return found;
    }, 20_000);

  it("answers 401 to a URL that is not signed", async () => {
    const body = JSON.stringify(succeededPayload());
    const response = await workerd.dispatchFetch(WEBHOOK_URL, { method: "POST", body });
    expect(response.status).toBe(401);
  });

  it("answers a result and its repeat, and the queue's consumer saves it", async () => {
    const { url } = await signedUrl({ secrets: [WEBHOOK_SECRET], url: WEBHOOK_URL }).mint();
    const payload = succeededPayload();
    for (const duplicate of [{}, { duplicate: true }]) {
      const body = JSON.stringify(payload);
      const response = await workerd.dispatchFetch(url, { method: "POST", body });
      expect(await response.json()).toEqual({ received: true, ...duplicate });
    }
    expect(await saved(payload.job_id)).toEqual([{ url: payload.output.items[0]?.url }]);
  });

  it("runs a job that an isolate left, when the cron trigger comes", async () => {
    const payload = succeededPayload();
    const { job_id: jobId } = payload;
    await rows(`INSERT INTO abstrakt_jobs
      (namespace, job_id, state, fingerprint, payload, source, fence, attempts, due_at, received_at)
      VALUES ('abstrakt', '${jobId}', 'leased', '1-a', '${JSON.stringify(payload)}', 'webhook', 1, 1, 0, 0)`);
    expect(await (await workerd.getWorker()).scheduled()).toMatchObject({ outcome: "ok" });
    expect(await saved(jobId)).toHaveLength(1);
    const left = `SELECT state, attempts FROM abstrakt_jobs WHERE job_id = '${jobId}'`;
    expect(await rows(left)).toEqual([{ state: "done", attempts: 2 }]);
  });
});
