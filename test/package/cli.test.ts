import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { dev } from "../../packages/cli/test/suite/dev.ts";
import { doctor } from "../../packages/cli/test/suite/doctor.ts";
import { help } from "../../packages/cli/test/suite/help.ts";
import { jobs } from "../../packages/cli/test/suite/jobs.ts";
import { trigger } from "../../packages/cli/test/suite/trigger.ts";
import { wrongUse } from "../../packages/cli/test/suite/wrong-use.ts";
import { finish, jsonLines } from "../../packages/cli/test/support/cli.ts";
import { findPostgres } from "../support/postgres-server.ts";
import { findRedis } from "../support/redis-server.ts";
import { packedCli } from "./packed-cli.ts";
import { root } from "./packages.ts";

const app = inject("apps")["express-5-cli"];
const cli = packedCli(app);

describe("the packed binary", () => {
  help(cli);
  wrongUse(cli);
  trigger(cli);
  jobs(cli);
  dev(cli);
  doctor(cli);
});

describe("the drivers of the packed binary", () => {
  const servers = { postgres: findPostgres(), redis: findRedis() };
  afterAll(async () => {
    for (const server of Object.values(servers)) await (await server)?.stop();
  });

  it.for([
    ["postgres", "postgres.js"],
    ["redis", "node-redis"],
  ] as const)("the project's own: %s, which is %s", async ([driver], { skip }) => {
    const server = await servers[driver];
    if (server === undefined) return skip(`needs ${driver}`);
    const cwd = mkdtempSync(join(tmpdir(), "cli-"));
    onTestFinished(() => rmSync(cwd, { recursive: true }));
    mkdirSync(join(cwd, "node_modules"));
    symlinkSync(join(root, "node_modules", driver), join(cwd, "node_modules", driver));
    const namespace = `cli_${Date.now()}`;
    const args = ["jobs", "stats", "--json", "--store", server.url, "--namespace", namespace];
    const { code, stdout, stderr } = await finish(cli, args, { cwd });
    // The store's error that PostgreSQL is not migrated shows that the driver works.
    const migrate = /^The table ".*" is missing/;
    if (driver === "postgres")
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(migrate) });
    else
      expect({ code, stats: jsonLines(stdout) }).toMatchObject({ code: 0, stats: [{ dead: 0 }] });
  });

  it("one whose connection does not end: the command ends", async () => {
    const cwd = mkdtempSync(join(tmpdir(), "cli-"));
    onTestFinished(() => rmSync(cwd, { recursive: true }));
    mkdirSync(join(cwd, "node_modules/ioredis"), { recursive: true });
    writeFileSync(
      join(cwd, "node_modules/ioredis/index.js"),
      `exports.Redis = class {
         on() {}
         disconnect() {}
         async connect() {
           setInterval(() => undefined, 1_000);
           throw new Error("frozen");
         }
       };`,
    );
    const args = ["jobs", "stats", "--store", "redis://127.0.0.1"];
    expect(await finish(cli, args, { cwd })).toEqual({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining('got "frozen"'),
    });
  });

  it.each([
    ["postgres://127.0.0.1/app", "PostgreSQL", "pg"],
    ["redis://127.0.0.1", "Redis", "ioredis"],
  ])("none for %s: says which to install", async (store, backend, driver) => {
    const missing = await finish(cli, ["jobs", "stats", "--store", store], { cwd: app });
    expect(missing).toMatchObject({ code: 1, stdout: "" });
    expect(missing.stderr).toBe(
      `Expected a driver for ${backend} in ${app}, got none. Run this command in the folder of your project, or run \`npm install ${driver}\` here.\n`,
    );
  });

  const [major, minor] = process.versions.node.split(".").map(Number) as [number, number];
  const brought = major > 22 || (major === 22 && minor >= 13);
  it.skipIf(brought)("none for SQLite (Node brings one since 22.13)", async () => {
    writeFileSync(join(app, "empty.db"), "");
    const args = ["jobs", "stats", "--store", "sqlite:empty.db"];
    const missing = await finish(cli, args, { cwd: app });
    expect(missing).toMatchObject({ code: 1, stdout: "" });
    expect(missing.stderr).toBe(
      `Expected a driver for SQLite in ${app}, got none. Run this command in the folder of your project, or run \`npm install libsql\` here.\n`,
    );
  });
});
