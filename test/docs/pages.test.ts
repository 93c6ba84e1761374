import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join, normalize } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { buildBlocks, builtFile, builtRunner, listens } from "./build-blocks.ts";
import {
  commandsOf,
  extractBlocks,
  extractQuotes,
  headingsOf,
  linksOf,
  pages,
  repositoryRoot,
} from "./pages.ts";

const run = promisify(execFile);
const blocks = extractBlocks();
const suites = blocks.filter(({ code }) => code.includes('from "vitest"'));
const scripts = blocks.filter((block) => !suites.includes(block));

const SECRETS = {
  WEBHOOK_SECRET: "r".repeat(32),
  ABSTRAKT_API_KEY: "sim_key",
  RELAY_SECRET: Buffer.from("r".repeat(32)).toString("base64"),
};

describe("the documentation", () => {
  it("has TypeScript blocks that compile", async () => {
    expect(blocks.length).toBeGreaterThan(10);
    const compiler = join(repositoryRoot, "node_modules/.bin/tsc");
    await run(compiler, ["-p", join(repositoryRoot, "test/docs")]).catch(
      (failure: { stdout: string }) => expect.fail(failure.stdout),
    );
  });

  describe("has blocks that run", () => {
    beforeAll(() => buildBlocks(scripts));

    it.each(scripts)("$name", async (block) => {
      const { code, file } = block;
      const port = listens(block) ? `${await freePort()}` : "";
      const { stdout } = await run(process.execPath, [builtRunner, builtFile(block), port], {
        cwd: dirname(file),
        timeout: 25_000,
        env: { ...process.env, ...SECRETS, PORT: port },
      });
      if (port === "" && !/export (const POST|default)/.test(code)) return;
      expect(stdout).toContain("job_readme");
      expect(stdout).toContain('answer 200 {"received":true}');
    });
  });

  describe.each(suites)("has a suite that passes: $name", async ({ file }) => {
    await import(file);
  });

  it("names only commands that exist", () => {
    const manifest = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    expect(commandsOf("README.md")).toEqual(expect.arrayContaining(["demo", "test"]));
    const unknown = pages
      .filter((page) => !page.startsWith("examples/")) // these pages name their own scripts
      .flatMap(commandsOf)
      .filter((command) => manifest.scripts[command] === undefined);
    expect(unknown).toEqual([]);
  });

  it("has `typescript` blocks that are all copies of tested files", () => {
    const files = new Set(testedFiles());
    const blocksOf = (page: string): string[] =>
      [
        ...readFileSync(join(repositoryRoot, page), "utf8").matchAll(
          /^```typescript\n(.*?)^```$/gms,
        ),
      ].map((match) => match[1] ?? "");
    // The examples in docs/api come from the JSDoc.
    const written = pages.filter((page) => !page.startsWith("docs/api/"));
    const shown = written.flatMap((page) => blocksOf(page).map((code) => ({ page, code })));
    expect(shown.length).toBeGreaterThan(5);
    expect(shown.filter(({ code }) => !files.has(code))).toEqual([]);
  });

  it("links only to files and headings that exist", () => {
    const broken = pages.flatMap((page) =>
      linksOf(page)
        .filter(({ path, heading }) => {
          const target = path === undefined ? page : normalize(join(dirname(page), path));
          if (!existsSync(join(repositoryRoot, target))) return true;
          return heading !== undefined && !headingsOf(target).has(heading);
        })
        .map(({ path = "", heading = "" }) => `${page}: ${path}#${heading}`),
    );
    expect(broken).toEqual([]);
  });

  it.each(extractQuotes())("quotes a file exactly: $name", ({ source, code }) => {
    expect(readFileSync(join(repositoryRoot, source), "utf8")).toContain(code);
  });

  it("lists every page of docs/ in its index", () => {
    const index = linksOf("docs/README.md").map(({ path }) => normalize(join("docs", path ?? "")));
    const docs = pages.filter((page) => page.startsWith("docs/") && page !== "docs/README.md");
    expect(docs.filter((page) => !index.includes(page))).toEqual([]);
  });

  it("lists the question of every folder in test/", () => {
    const folders = readdirSync(join(repositoryRoot, "test"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    const contributing = readFileSync(join(repositoryRoot, "CONTRIBUTING.md"), "utf8");
    const named = [...contributing.matchAll(/^\| `test\/([\w-]+)` /gm)].map(
      (match) => match[1] ?? "",
    );
    expect(named.sort()).toEqual(folders.sort());
  });

  it("names the tests of every promise", () => {
    const guarantees = readFileSync(join(repositoryRoot, "docs/guarantees.md"), "utf8");
    const [, promises = ""] = /^## The promises$(.*?)^## /ms.exec(guarantees) ?? [];
    const rows = promises.split("\n").filter((line) => /^\| [A-Z]/.test(line));
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.filter((row) => !row.includes(".test.ts)"))).toEqual([]);
  });
});

/** The sources of examples and of recipes that `test:integrations` runs. */
const testedFiles = (): string[] =>
  ["examples", "test/integrations"].flatMap((folder) =>
    readdirSync(join(repositoryRoot, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !/node_modules|dist|\.d\.ts$/.test(name))
      .map((name) => readFileSync(join(repositoryRoot, folder, name), "utf8")),
  );

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
