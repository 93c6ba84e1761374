import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it } from "vitest";
import { expectHandledOnce } from "../../../test/support/handles-once.ts";
import { runScript } from "../../../test/support/run-script.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = fileURLToPath(new URL("..", import.meta.url));

// Next consumes the packages as they are published.
beforeAll(() => {
  execFileSync("node_modules/.bin/tsc", ["-b", "packages/next"], { cwd: root });
});

it("builds with an empty environment, handles each result once and ends by itself after SIGTERM", async () => {
  const env = { NEXT_TELEMETRY_DISABLED: "1" };
  const build = runScript(folder, "build", { env });
  expect(await build.ended, build.output()).toBe(0);
  expect(build.output()).toContain("ƒ /api/abstrakt-webhook");

  const app = runScript(folder, "start", { env: { ...env, PORT: "0" } });
  const [origin] = await app.seen(/http:\/\/localhost:\d+/);
  await app.seen(/Ready in/);
  await expectHandledOnce(app, `${origin}/api/abstrakt-webhook`);
}, 240_000);
