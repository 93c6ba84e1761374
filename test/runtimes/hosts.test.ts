import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { here, skipsMissing } from "./binaries.ts";
import type { Outcome } from "./runner.ts";

/** A limit in case of hanging, far above the time that any host needs. */
const HANGS_MS = 150_000;

/** Tests that a version of the server cannot pass, and that fail with Hono's own handlers too. */
const SKIPPED = /this server starts to read too late/;

async function run(...args: string[]): Promise<{ outcomes: Outcome[]; code: number }> {
  const child = spawn(process.execPath, args, {
    cwd: here,
    timeout: HANGS_MS,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [out, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  const [, ...outcomes] = out.split("\n").filter(Boolean);
  return { outcomes: outcomes.map((line) => JSON.parse(line) as Outcome), code: code as number };
}

const isMissing = !existsSync(`${here}hosts/node_modules/hono`);
const test = it.skipIf(isMissing && skipsMissing);

async function expectPassed(least: number, ...args: string[]): Promise<void> {
  const { outcomes, code } = await run(...args);
  expect(outcomes.filter(({ outcome }) => outcome === "failed")).toEqual([]);
  const skipped = outcomes.filter(({ outcome }) => outcome === "skipped");
  expect(skipped.filter((each) => !SKIPPED.test(each.test))).toEqual([]);
  expect(outcomes.length - skipped.length).toBeGreaterThanOrEqual(least);
  expect(code).toBe(0);
}

describe.each(["1.0.1", "1.2", "1.8.2", "1.12.2", "1.13.8", "1.14.4", "1.19.5", "1.19.19", "2"])(
  "@hono/node-server %s",
  (version) => {
    test("behind every middleware the answers are right", () =>
      expectPassed(70, "dist/runtimes/on-node-server.js", `node-server-${version}`));
  },
);

describe("h3 1.15", () => {
  test("refused bodies do not end the process", () => expectPassed(3, "dist/runtimes/on-h3.js"));
});
