import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { findRedis } from "../../../test/support/redis-server.ts";
import { finish, jsonLines } from "./support/cli.ts";
import { inProcess } from "./support/in-process.ts";
import { startSilentServer } from "./support/silent-server.ts";

const server = await findRedis();
afterAll(() => server?.stop());

const fromRoot = createRequire(new URL("../../../package.json", import.meta.url));
const requireReal = (name: string): string => `require(${JSON.stringify(fromRoot.resolve(name))})`;

/** A user's project with one driver, a CommonJS module. */
function createProject(driver: string, source: string): string {
  const cwd = mkdtempSync(join(tmpdir(), "cli-"));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  const folder = join(cwd, "node_modules", driver);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(cwd, "package.json"), "{}");
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: driver, main: "index.cjs" }));
  writeFileSync(join(folder, "index.cjs"), source);
  return cwd;
}

/** node-redis of the repository, with another client. ioredis, which is asked first, is broken. */
function createNodeRedisProject(change: string): string {
  const cwd = createProject(
    "redis",
    `exports.createClient = (options) => {
       const client = ${requireReal("redis")}.createClient(options);
       ${change}
       return client;
     };`,
  );
  mkdirSync(join(cwd, "node_modules/ioredis"));
  writeFileSync(join(cwd, "node_modules/ioredis/index.js"), `throw new Error("not built");`);
  return cwd;
}

const statsOf = (url: string, cwd: string) =>
  finish(inProcess, ["jobs", "stats", "--json", "--store", url, "--namespace", "cli_drivers"], {
    cwd,
  });

describe.skipIf(server === undefined)("clients of Redis (needs redis-server)", () => {
  const url = server?.url ?? "";

  it.each([
    [
      "ioredis 4, which is its own constructor",
      () =>
        createProject(
          "ioredis",
          `module.exports = function (...args) { return new (${requireReal("ioredis")}.Redis)(...args); };`,
        ),
    ],
    [
      "node-redis 4, which has no destroy()",
      () =>
        createNodeRedisProject(`
          const destroy = client.destroy.bind(client);
          client.destroy = undefined;
          client.disconnect = async () => destroy();`),
    ],
    [
      "a client whose end fails",
      () =>
        createNodeRedisProject(`
          const destroy = client.destroy.bind(client);
          client.destroy = () => { destroy(); throw new Error("cannot end"); };`),
    ],
    [
      "a client whose end takes for ever",
      () =>
        createNodeRedisProject(`
          const destroy = client.destroy.bind(client);
          client.destroy = () => { destroy(); return new Promise(() => undefined); };`),
    ],
  ])("the command prints its result with %s", async (_, createCwd) => {
    const { stdout, ...rest } = await statsOf(url, createCwd());
    expect(jsonLines(stdout)).toMatchObject([{ dead: 0, pending: 0 }]);
    expect(rest).toEqual({ code: 0, stderr: "" });
  });
});

it("node-redis: a server that accepts and stays silent is reported, and the connection is ended", async () => {
  const { port, connections } = await startSilentServer();
  const finished = await statsOf(`redis://127.0.0.1:${port}`, createNodeRedisProject(""));
  expect(finished).toMatchObject({ code: 1, stdout: "" });
  expect(finished.stderr).toContain('to answer, got "no answer for 5 s". Check the URL');
  await expect.poll(connections).toBe(0);
});

it("a server that becomes silent after it has connected is reported", async () => {
  const cwd = createProject(
    "ioredis",
    `exports.Redis = class {
       status = "ready";
       on() { return this; }
       off() { return this; }
       async connect() {}
       disconnect() {}
       call() { return new Promise(() => undefined); }
     };`,
  );
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  let ended: unknown;
  void statsOf("redis://127.0.0.1", cwd).then((finished) => (ended = finished));
  await expect
    .poll(() => {
      vi.advanceTimersByTime(60_000);
      return ended;
    })
    .toEqual({
      code: 1,
      stdout: "",
      stderr:
        'Expected the store at redis://127.0.0.1 to answer, got "no answer for 60 s". Check the URL, and that it runs.\n',
    });
});
