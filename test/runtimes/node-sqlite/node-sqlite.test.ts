import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const folder = fileURLToPath(new URL(".", import.meta.url));
const installed = existsSync(`${folder}node_modules/.bin/node`);
const missing = installed ? "" : " (skipped: run `npm ci` in test/runtimes/node-sqlite)";

it.skipIf(!installed)(
  `the SQLite store passes its suites on node:sqlite${missing}`,
  async () => {
    const child = spawn("npm", ["test"], { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
    const [output, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
    expect(output.match(/^\s*not ok .*$/gm) ?? []).toEqual([]);
    expect(Number(/^# pass (\d+)$/m.exec(output)?.[1])).toBeGreaterThan(90);
    expect(code).toBe(0);
  },
  120_000,
);
