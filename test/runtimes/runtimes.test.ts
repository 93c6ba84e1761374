import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { binaryOf, here, named, skipsMissing, type RuntimeName } from "./binaries.ts";
import type { Introduction } from "./print.ts";
import type { Outcome } from "./runner.ts";

interface Run {
  readonly introduction: Introduction;
  readonly outcomes: readonly Outcome[];
  readonly code: number | null;
}

/** A limit in case of hanging, far above the time that any runtime needs. */
const HANGS_MS = 150_000;

async function run(name: RuntimeName, ...args: string[]): Promise<{ out: string; code: number }> {
  const binary = binaryOf(name);
  if (binary === undefined) throw new Error(`${name} is not installed in test/runtimes`);
  const child = spawn(binary, args, {
    cwd: here,
    timeout: HANGS_MS,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [out, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  return { out, code: code as number };
}

async function runSuites(name: RuntimeName, ...args: string[]): Promise<Run> {
  const { out, code } = await run(name, ...args);
  const [introduction, ...outcomes] = out
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);
  return { introduction: introduction as Introduction, outcomes: outcomes as Outcome[], code };
}

/**
 * The minimum number of tests, roughly three adapters and two stores, so that a missing one is
 * noticed.
 */
const LEAST = 400;

/** Tests that the suites skip: a memory store has one instance, an SQLite store no maximum. */
const SKIPPED =
  /two instances|two namespaces|maxLive|has no `transaction`|done jobs do not count as live/;

describe.each<[name: RuntimeName, args: string[], agent: RegExp]>([
  ["node-20", ["dist/runtimes/on-node.js"], /^Node\.js\/20/],
  ["node-22", ["dist/runtimes/on-node.js"], /^Node\.js\/22/],
  ["node-24", ["dist/runtimes/on-node.js"], /^Node\.js\/24/],
  ["node-26", ["dist/runtimes/on-node.js"], /^Node\.js\/26/],
  ["bun", ["dist/runtimes/on-bun.js"], /^Bun\//],
  ["deno", ["run", "-A", "dist/runtimes/on-deno.js"], /^Deno\//],
])("%s", (name, args, agent) => {
  const missing = binaryOf(name) === undefined;
  it.skipIf(missing && skipsMissing)(
    named("passes the adapter suite and the store suites from the built packages", name),
    async () => {
      const { introduction, outcomes, code } = await runSuites(name, ...args);
      expect(introduction.runtime).toMatch(agent);
      expect(introduction.core).toMatch(/\/core\/dist\/index\.js$/);
      expect(outcomes.filter(({ outcome }) => outcome === "failed")).toEqual([]);
      const skipped = outcomes.filter(({ outcome }) => outcome === "skipped");
      expect(skipped.filter(({ test }) => !SKIPPED.test(test))).toEqual([]);
      expect(outcomes.length - skipped.length).toBeGreaterThan(LEAST);
      expect(code).toBe(0);
    },
  );
});

it.skipIf(binaryOf("node-22") === undefined && skipsMissing)(
  named("the SQLite store passes its suites, its model and its errors on node:sqlite", "node-22"),
  async () => {
    const condition = "--conditions=@abstrakt-webhooks/source";
    const { out, code } = await run(
      "node-22",
      condition,
      "--test",
      "--test-reporter=tap",
      "node-sqlite.ts",
    );
    expect(out.match(/^\s*not ok .*$/gm) ?? []).toEqual([]);
    expect(Number(/^# pass (\d+)$/m.exec(out)?.[1])).toBeGreaterThan(90);
    expect(code).toBe(0);
  },
);
