import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, inject, it } from "vitest";
import { compile, type Version } from "./compile.ts";
import { nestSettings } from "./nest-settings.ts";

const run = promisify(execFile);
const app = inject("apps").commonjs;

async function expectRuns(version: Version, file: string, settings: object): Promise<void> {
  const { printed, script } = await compile(app, version, file, settings);
  expect(printed).toBe("");
  const { stdout } = await run(process.execPath, [script], { cwd: app });
  expect(JSON.parse(stdout)).toEqual({ loaded: true, once: true });
}

describe("a CommonJS app compiles and runs", () => {
  it.each<[version: Version, name: string, settings: object]>([
    ["5.4", "commonjs", { module: "commonjs" }],
    ["5.9", "commonjs", { module: "commonjs" }],
    ["6", "node10", { module: "commonjs", moduleResolution: "node10", ignoreDeprecations: "6.0" }],
    ["6", "commonjs", { module: "commonjs" }],
    ["7", "commonjs", { module: "commonjs" }],
    ["5.8", "nodenext", { module: "nodenext" }],
    ["5.9", "node20", { module: "node20" }],
    ["6", "nodenext", { module: "nodenext" }],
    ["7", "nodenext", { module: "nodenext" }],
    ["5.4", "NestJS 10", nestSettings[10]],
    ["5.9", "NestJS 11", nestSettings[11]],
    ["6", "NestJS 12", nestSettings[12]],
    ["7", "NestJS 12", nestSettings[12]],
  ])("TypeScript %s: %s", (version, _, settings) => expectRuns(version, "commonjs.ts", settings));
});

describe("a bundled app compiles", () => {
  it.each<[version: Version]>([["5.4"], ["5.9"], ["7"]])("TypeScript %s", async (version) => {
    const settings = { module: "esnext", moduleResolution: "bundler" };
    expect((await compile(app, version, "commonjs.ts", settings)).printed).toBe("");
  });
});

describe("`import()` works where the compiler refuses `import` of an ES module", () => {
  it.each<[version: Version, module: string]>([
    ["5.4", "nodenext"],
    ["5.4", "node16"],
    ["7", "node16"],
  ])("TypeScript %s: %s", async (version, module) => {
    const settings = { module };
    expect((await compile(app, version, "commonjs.ts", settings)).printed).toContain("TS1479");
    await expectRuns(version, "commonjs-import.ts", settings);
  });
});
