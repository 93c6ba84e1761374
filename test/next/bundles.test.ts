import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { useApp } from "./app.ts";

const app = useApp("bundles", "bundle");
const elsewhere = mkdtempSync(join(tmpdir(), "abstrakt-webhooks-elsewhere-"));
afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

const builds = [
  ["Vite SSR", "vite", "main.js"],
  ["esbuild", "esbuild:esm", "main.mjs"],
  ["esbuild to CommonJS", "esbuild:cjs", "main.cjs"],
] as const;

it.each(builds)(
  "%s: SQLite works inside the bundle, and the callback runs once",
  (_, script, file) => {
    app().build(script);
    const built = join(app().folder, "built", file);
    const once = { statuses: [200, 200], handled: ["job"] };
    expect(run(built, `${app().jobsFile}-${script.replace(":", "-")}`)).toEqual(once);
  },
);

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const bringsDriver = major > 22 || (major === 22 && minor >= 13);

it.skipIf(bringsDriver)(
  "a bundle without a driver says what to install (needs a Node without node:sqlite)",
  () => {
    cpSync(join(app().folder, "built/main.mjs"), join(elsewhere, "main.mjs"));
    const { statuses, problem } = run(join(elsewhere, "main.mjs"), join(elsewhere, "jobs.db"));
    expect(statuses).toEqual([503, 503]);
    expect(problem).toContain(
      "Expected an SQLite driver, got none. Run `npm install libsql` where this code runs",
    );
  },
);

interface Printed {
  readonly statuses: number[];
  readonly handled: string[];
  readonly problem?: string;
}

function run(file: string, jobsFile: string): Printed {
  const env = { PATH: process.env["PATH"], JOBS_FILE: jobsFile };
  const printed = execFileSync(process.execPath, [file], { env, encoding: "utf8" });
  return JSON.parse(printed) as Printed;
}
