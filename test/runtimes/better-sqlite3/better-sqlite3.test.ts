import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { json } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { skipsMissing } from "../binaries.ts";

/** The part of vitest's JSON that is used here. */
interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

const root = fileURLToPath(new URL("../../..", import.meta.url));
const config = fileURLToPath(new URL("vitest.config.ts", import.meta.url));

/** A native addon that was not compiled, or for another Node, fails only when it is used. */
function runsHere(): boolean {
  try {
    type Database = new (path: string) => { close(): void };
    new (createRequire(import.meta.url)("better-sqlite3") as Database)(":memory:").close();
    return true;
  } catch {
    return false;
  }
}

const missing = !runsHere();
const title = "the SQLite store passes its suite, its model and its own tests on better-sqlite3";

it.skipIf(missing && skipsMissing)(
  missing ? `${title} (it is missing: test/runtimes/better-sqlite3 was not compiled here)` : title,
  async () => {
    const args = ["run", "--config", config, "--reporter=json"];
    const child = spawn("node_modules/.bin/vitest", args, {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const { numPassedTests, testResults } = (await json(child.stdout)) as Report;
    const failed = testResults.flatMap(({ name, status, message, assertionResults }) => [
      ...(status === "failed" ? [`${name} ${message}`] : []),
      ...assertionResults.filter((test) => test.status === "failed").map((test) => test.fullName),
    ]);
    expect(failed).toEqual([]);
    expect(numPassedTests).toBeGreaterThan(180);
  },
);
