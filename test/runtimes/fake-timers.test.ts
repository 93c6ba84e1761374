import { spawn } from "node:child_process";
import { once } from "node:events";
import { json } from "node:stream/consumers";
import { expect, it } from "vitest";
import { here } from "./binaries.ts";

/** The part of both runners' JSON that is used here. */
interface Report {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

/** A limit in case of hanging, far above the time that either needs. */
const HANGS_MS = 60_000;
const CHECKS = 5;

it.each<[runner: string, folder: string, args: string[]]>([
  ["Jest with fakeTimers.enableGlobally", "fake-timers-jest", ["jest", "--json"]],
  ["Vitest with a set-up file", "fake-timers-vitest", ["vitest", "run", "--reporter=json"]],
])("requests are answered and callbacks run in %s", async (_, folder, [name, ...args]) => {
  const cwd = `${here}${folder}`;
  const child = spawn(`${cwd}/node_modules/.bin/${name}`, args, {
    cwd,
    // Jest needs this option to run ES modules.
    env: { ...process.env, NODE_OPTIONS: "--experimental-vm-modules" },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: HANGS_MS,
  });
  const [{ testResults }, [code]] = await Promise.all([
    json(child.stdout) as Promise<Report>,
    once(child, "close"),
  ]);
  expect(testResults.map(({ message }) => message).filter(Boolean)).toEqual([]);
  const checks = testResults.flatMap(({ assertionResults }) => assertionResults);
  expect(checks.filter(({ status }) => status !== "passed")).toEqual([]);
  expect(checks).toHaveLength(CHECKS);
  expect(code).toBe(0);
});
