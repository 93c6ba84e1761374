import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, inject, it } from "vitest";
import { entries, root } from "./packages.ts";

const run = promisify(execFile);
const apps = inject("apps");

/** Runs Node in an app's folder, and returns the JSON that it prints. */
async function node(app: keyof typeof apps, ...args: string[]): Promise<unknown> {
  const { stdout } = await run(process.execPath, args, { cwd: apps[app], timeout: 60_000 });
  return JSON.parse(stdout);
}

describe("each entry loads by import and by require", () => {
  it.each(entries.map(({ specifier }) => specifier))("%s", async (specifier) => {
    const { required, imported } = (await node("express-5-zod-4", "load.cjs", specifier)) as Record<
      "required" | "imported",
      string[]
    >;
    expect(imported).not.toEqual([]);
    // Node adds `__esModule` to a required ES module, for transpiled callers.
    expect(required?.filter((name) => name !== "__esModule")).toEqual(imported);
  });
});

describe("an app receives results over HTTP", () => {
  it.each([
    ["express-5-zod-4", "express"],
    ["express-4-zod-3", "express"],
    ["node-http-no-zod", "node-http"],
  ] as const)("%s", async (app, framework) => {
    expect(await node(app, "serve.mjs", framework)).toEqual({
      answers: [
        { status: 200, body: { received: true } },
        { status: 200, body: { received: true, duplicate: true } },
      ],
      urls: ["https://example.com/1.png"],
    });
  });
});

describe("the published adapter suite passes", () => {
  it.each([
    ["hono-4.0.0", "hono"],
    ["express-5-zod-4", "hono"], // the latest
    ["next-14.0.0", "next"], // without `after`
    ["next-15", "next"],
    ["express-5-zod-4", "next"], // the workspace's 16
  ] as const)("%s: %s", async (app, mount) => {
    const { ran, failed } = (await node(app, "suite.mjs", mount)) as {
      ran: number;
      failed: string[];
    };
    expect(failed).toEqual([]);
    expect(ran).toBeGreaterThan(70);
  });
});

it.each(["hono-4.0.0", "express-5-zod-4"] as const)(
  "%s: the adapter uses the body that Hono has kept",
  async (app) => {
    expect(await node(app, "hono-read.mjs")).toEqual({
      answers: { text: 200, json: 200, arrayBuffer: 200, blob: 200, broken: 400 },
      came: 4,
    });
  },
);

const consumers: [app: keyof typeof apps, files: string[], options: string[]][] = [
  ["express-5-zod-4", ["client.ts", "express.ts", "node-http.ts", "testing.ts", "zod.ts"], []],
  ["express-5-zod-4", ["hono.ts"], ["--lib", "ES2023,DOM,DOM.Iterable"]],
  // Next's own declarations have errors without it, and so have those of Hono 4.0.
  ["express-5-zod-4", ["next.ts"], ["--skipLibCheck", "true", "--lib", "ES2023,DOM"]],
  ["next-14.0.0", ["next.ts"], ["--skipLibCheck", "true", "--lib", "ES2023,DOM"]],
  ["next-15", ["next.ts"], ["--skipLibCheck", "true", "--lib", "ES2023,DOM"]],
  ["hono-4.0.0", ["hono.ts"], ["--skipLibCheck", "true", "--lib", "ES2023,DOM,DOM.Iterable"]],
  ["express-4-zod-3", ["express.ts", "zod.ts"], []],
  ["node-http-no-zod", ["client.ts", "node-http.ts"], ["--exactOptionalPropertyTypes"]],
];

describe.each([
  ["TypeScript 5.9", "typescript-5"],
  ["TypeScript 7", "typescript"],
])("type-checks under %s", (_, compiler) => {
  it.each(consumers)("%s: %j %j", async (app, files, options) => {
    const tsc = join(root, "node_modules", compiler, "bin/tsc");
    const strict = ["--noEmit", "--strict", "--skipLibCheck", "false", "--types", "node"];
    const target = ["--target", "ES2022", "--module", "NodeNext", "--moduleDetection", "force"];
    const args = [tsc, ...strict, ...target, ...options, ...files];
    const printed = await run(process.execPath, args, { cwd: apps[app] }).then(
      ({ stdout }) => stdout,
      (failed: { stdout: string }) => failed.stdout,
    );
    expect(printed).toBe("");
  });
});
