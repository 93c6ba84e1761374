import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, inject, it } from "vitest";
import { root } from "./packages.ts";

const run = promisify(execFile);
const app = inject("apps").commonjs;
const toolchains = join(root, "test/package/toolchains/node_modules");

/** Jest's exit code and output for one file of the CommonJS app. */
async function jest(file: string, config: object, flags: string[] = []) {
  const path = join(app, `jest-${crypto.randomUUID()}.json`);
  await writeFile(path, JSON.stringify({ rootDir: join(app, "jest"), ...config }));
  const args = [...flags, join(toolchains, "jest/bin/jest.js"), "--config", path, file];
  return run(process.execPath, args, { cwd: app }).then(
    ({ stderr }) => ({ code: 0, printed: stderr }),
    (failed: { code: number; stderr: string }) => ({ code: failed.code, printed: failed.stderr }),
  );
}

/** Since 24.9 Node lets Jest require an ES module. */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const requires = major > 24 || (major === 24 && minor >= 9);

it("as installed, `require` works on Node 24.9 and newer, and fails on older versions", async () => {
  const { code, printed } = await jest("require.test.js", {});
  expect(printed).toContain(requires ? "1 passed" : "Must use import to load ES Module");
  expect(code).toBe(requires ? 0 : 1);
});

it("as installed, `import()` works with --experimental-vm-modules", async () => {
  const { code, printed } = await jest("import.test.js", {}, ["--experimental-vm-modules"]);
  expect(printed).toContain("1 passed");
  expect(code).toBe(0);
});

it("ts-jest, as Nest configures it, works with one line of settings for these packages", async () => {
  const config = {
    testRegex: String.raw`.*\.spec\.ts$`,
    moduleFileExtensions: ["js", "json", "ts"],
    testEnvironment: "node",
    transform: { [String.raw`^.+\.(t|j)s$`]: join(toolchains, "ts-jest") },
    transformIgnorePatterns: ["/node_modules/(?!@abstrakt-webhooks/)"],
  };
  const compilerOptions = {
    module: "nodenext",
    target: "ES2023",
    isolatedModules: true,
    skipLibCheck: true,
    types: ["jest"],
    typeRoots: [join(toolchains, "@types")],
  };
  await writeFile(join(app, "jest/tsconfig.json"), JSON.stringify({ compilerOptions }));
  const { code, printed } = await jest("typed.spec.ts", config);
  expect(printed).toContain("1 passed");
  expect(code).toBe(0);
});
