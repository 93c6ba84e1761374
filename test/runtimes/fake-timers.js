import http from "node:http";
import { text } from "node:stream/consumers";

const payload = (jobId) => ({
  job_id: jobId,
  status: "succeeded",
  output: { type: "image", items: [{ type: "image", url: "https://cdn.test/a.png" }] },
});

/** Sends over a real socket: the client's timers are Node's own, which no test fakes. */
async function post(port, jobId) {
  const response = await new Promise((resolve, reject) => {
    const request = http.request({ port, method: "POST" }, resolve).on("error", reject);
    request.end(JSON.stringify(payload(jobId)));
  });
  return { status: response.statusCode, body: JSON.parse(await text(response)) };
}

/**
 * Tests in a test runner that had faked the timers before the packages were imported.
 *
 * @param runner its `it` and `expect`, and `timers`, which restores the real ones.
 * @param kit the imported packages.
 */
export function registerFakeTimers({ it, expect, timers }, kit) {
  const stores = { memory: kit.memoryStore, sqlite: () => kit.sqliteStore(":memory:") };

  /** Runs a check on a server whose callback reports that it ran. */
  async function serve(store, check, callback) {
    const waiting = new Map();
    const ran = new Set();
    const handler = kit.abstraktWebhook({
      auth: "none",
      store,
      limits: { concurrency: 2 },
      retry: { minDelayMs: 1, maxDelayMs: 1 },
      onEvent: () => undefined,
      onSucceeded: async (job, ctx) => {
        await callback?.(job, ctx);
        ran.add(job.job_id);
        waiting.get(job.job_id)?.();
      },
    });
    const server = http.createServer(handler).listen(0);
    const runs = (jobId) =>
      new Promise((resolve) => (ran.has(jobId) ? resolve() : waiting.set(jobId, resolve)));
    try {
      await check({ send: (jobId) => post(server.address().port, jobId), runs });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  it("timers are faked at the beginning", () => {
    expect("clock" in setTimeout).toBe(true);
    expect("clock" in setImmediate).toBe(true);
  });

  for (const [name, make] of Object.entries(stores)) {
    it(`requests are answered and callbacks run while timers are faked: ${name}`, async () => {
      await serve(make(), async ({ send, runs }) => {
        for (const jobId of ["a", "b", "c", "d", "e"]) {
          expect(await send(jobId)).toEqual({ status: 200, body: { received: true } });
          await runs(jobId);
        }
        expect((await send("a")).body).toEqual({ received: true, duplicate: true });
      });
    });

    it(`requests are answered and callbacks run after real timers are restored: ${name}`, async () => {
      const failsOnce = async ({ job_id }, { attempt }) => {
        if (job_id === "a" && attempt === 1) throw new Error("not yet");
      };
      const check = async ({ send, runs }) => {
        await send("a");
        await send("b");
        await runs("b");
        timers.useRealTimers();
        for (const jobId of ["c", "d", "e"]) {
          expect((await send(jobId)).status).toBe(200);
          await runs(jobId);
        }
        // The retry was set on the fake timers, which no longer exist.
        await runs("a");
      };
      await serve(make(), check, failsOnce);
      timers.useFakeTimers();
    });
  }
}
