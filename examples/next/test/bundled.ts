import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { redisStore } from "@abstrakt-webhooks/store-redis";
import { succeededPayload, uniqueJobId } from "@abstrakt-webhooks/testing";
import { Redis } from "@upstash/redis";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { expectHandledOnce } from "../../../test/support/expect-handled-once.ts";
import { startRestBridge } from "../../../test/support/redis-rest.ts";
import { startRedis, type RedisServer } from "../../../test/support/redis-server.ts";
import { runScript, type RunningScript } from "../../../test/support/run-script.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = fileURLToPath(new URL("..", import.meta.url));
const BARE = { NEXT_TELEMETRY_DISABLED: "1" };
const BUILD_MS = 240_000;
/** Next's own exit code after SIGTERM. */
const CLOSED_BY_NEXT = 143;
/** In this phase Next does not call `register`, so nothing starts the receiver. */
const WITHOUT_LOOP = { NEXT_PHASE: "phase-production-build" };
const CRON_SECRET = "a secret of the schedule";

/** Builds the example with one bundler and an empty environment, and tests the built app. */
export async function testBundled(bundler: "--turbopack" | "--webpack"): Promise<void> {
  // A server of its own, because the example uses the default namespace.
  const redis = await startRedis();
  afterAll(() => redis?.stop());

  beforeAll(async () => {
    // Next uses the built packages.
    const projects = ["packages/next", "packages/store-redis"];
    execFileSync("node_modules/.bin/tsc", ["-b", ...projects], { cwd: root });
    const built = spawnSync("node_modules/.bin/next", ["build", bundler], {
      cwd: folder,
      env: { ...BARE, PATH: process.env["PATH"], NODE_ENV: "production" },
      encoding: "utf8",
    });
    expect(built.status, built.stdout + built.stderr).toBe(0);
    expect(built.stdout).toContain("ƒ /api/abstrakt-webhook");
  }, BUILD_MS);

  it("handles each result once and ends by itself after SIGTERM", async () => {
    const { app, api } = await start({});
    const url = `${api}/abstrakt-webhook`;
    await expectHandledOnce(app, url, { exitCode: CLOSED_BY_NEXT });
  });

  it.skipIf(redis === undefined)("does the same on Redis over HTTP (needs a server)", async () => {
    const { app, api } = await start(await openBridge(redis));
    const url = `${api}/abstrakt-webhook`;
    await expectHandledOnce(app, url, { durable: true, exitCode: CLOSED_BY_NEXT });
  });

  it.skipIf(redis === undefined)(
    "runs a job that an instance left, when a tick has the secret (needs a server)",
    async () => {
      const bridge = await openBridge(redis);
      const { app, api } = await start({ ...bridge, CRON_SECRET, ...WITHOUT_LOOP });
      const left = succeededPayload({ job_id: uniqueJobId() });
      const client = new Redis({
        url: bridge.UPSTASH_REDIS_REST_URL,
        token: bridge.UPSTASH_REDIS_REST_TOKEN,
      });
      await redisStore({ client }).ingest(
        {
          jobId: left.job_id,
          fingerprint: "left",
          payload: JSON.stringify(left),
          source: "webhook",
        },
        { owner: "an instance that is gone", leaseMs: 0 },
      );
      const tick = (authorization: string) =>
        fetch(`${api}/abstrakt-tick`, { headers: { authorization } });
      for (const wrong of [
        "",
        "Bearer",
        "Bearer undefined",
        CRON_SECRET,
        `Bearer ${CRON_SECRET}!`,
      ]) {
        expect((await tick(wrong)).status, wrong).toBe(401);
      }
      expect(app.output()).not.toContain(left.job_id);

      const answer = await tick(`Bearer ${CRON_SECRET}`);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ claimed: 1 });
      await app.seen(new RegExp(`${left.job_id} succeeded`));
    },
  );

  it("answers 401 to every tick if no secret is set", async () => {
    const { api } = await start({});
    const headers = { authorization: "Bearer undefined" };
    expect((await fetch(`${api}/abstrakt-tick`, { headers })).status).toBe(401);
  });
}

async function start(env: Record<string, string>): Promise<{ app: RunningScript; api: string }> {
  const app = runScript(folder, "start", { env: { ...BARE, ...env, PORT: "0" } });
  const [origin] = await app.seen(/http:\/\/localhost:\d+/);
  await app.seen(/Ready in/);
  return { app, api: `${origin}/api` };
}

async function openBridge(redis: RedisServer | undefined) {
  const { url, token, close } = await startRestBridge(redis?.url ?? "");
  onTestFinished(close);
  return { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token };
}
