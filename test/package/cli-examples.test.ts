import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Pool } from "pg";
import { afterAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { finish, jsonLines } from "../../packages/cli/test/support/cli.ts";
import { freePort } from "../support/free-port.ts";
import { findPostgres } from "../support/postgres-server.ts";
import { findRedis } from "../support/redis-server.ts";
import { runScript } from "../support/run-script.ts";
import { packedCli } from "./packed-cli.ts";
import { root } from "./packages.ts";

const cli = packedCli(inject("apps")["express-5-cli"]);
const [postgres, redis] = await Promise.all([findPostgres(), findRedis()]);
const SECRET = "a secret of at least 32 characters";

/** Starts an example and runs the doctor on it. */
async function examine(example: string, env: Record<string, string>, ...args: string[]) {
  const port = await freePort();
  const app = runScript(`${root}examples/${example}/`, "start", {
    env: { PORT: `${port}`, ...env },
  });
  await app.seen(/http:\S+/);
  const url = `http://localhost:${port}/api/abstrakt-webhook`;
  return finish(cli, ["doctor", url, "--json", ...args]);
}

/** All checks pass; the check of tokens is skipped where the example has no auth. */
function expectPasses({ code, stdout }: { code: number; stdout: string }, skipped: string[]): void {
  const lines = jsonLines<{ check: string; outcome: string }>(stdout);
  expect(lines.filter(({ outcome }) => outcome === "fail")).toEqual([]);
  expect(lines.filter(({ outcome }) => outcome === "skip").map(({ check }) => check)).toEqual(
    skipped,
  );
  expect({ checks: lines.length, code }).toEqual({ checks: 12, code: 0 });
}

describe("the doctor finds no fault in the examples on Node", () => {
  afterAll(() => Promise.all([postgres?.stop(), redis?.stop()]));

  it.each(["express", "hono-node"])("%s", async (example) => {
    expectPasses(await examine(example, {}), ["token"]);
  });

  it("submit-and-receive, with its secret", async () => {
    const examined = await examine(
      "submit-and-receive",
      { WEBHOOK_SECRET: SECRET, SIMULATOR_SEED: "9" },
      "--secret",
      SECRET,
    );
    expectPasses(examined, []);
  });

  it.skipIf(postgres === undefined)("express-postgres and pg-boss (need PostgreSQL)", async () => {
    const schema = `cli_${randomBytes(6).toString("hex")}`;
    const url = postgres?.url ?? "";
    const pool = new Pool({ connectionString: url, max: 1 });
    onTestFinished(async () => {
      await pool.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
      await pool.query(`DROP SCHEMA IF EXISTS ${schema}_boss CASCADE`);
      await pool.end();
    });
    await pool.query(`CREATE SCHEMA ${schema}`);
    await pool.query(`SET search_path TO ${schema}`);
    await pool.query(readFileSync(`${root}examples/express-postgres/ledger.sql`, "utf8"));
    const within = `${url}?options=-c%20search_path%3D${schema}`;
    expectPasses(await examine("express-postgres", { DATABASE_URL: within }), ["token"]);
    const boss = { DATABASE_URL: url, PGBOSS_SCHEMA: `${schema}_boss` };
    expectPasses(await examine("pg-boss", boss), ["token"]);
  });

  it.skipIf(redis === undefined)("bullmq (needs Redis)", async () => {
    const QUEUE = `cli-${randomBytes(6).toString("hex")}`;
    expectPasses(await examine("bullmq", { REDIS_URL: redis?.url ?? "", QUEUE }), ["token"]);
  });

  it.skip("next: skipped, because its build takes a minute; the adapter's suite checks the same");
  it.skip("hono-workers, bun, deno: skipped, because they do not run on Node");
});
