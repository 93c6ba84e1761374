import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { documentedPackages, toApiPage } from "./api-pages.ts";
import { toLlmsText } from "./llms.ts";
import { repositoryRoot } from "./pages.ts";

const folder = join(repositoryRoot, "docs/api");
const compiler = join(repositoryRoot, "node_modules/.bin/tsc");

describe("the generated pages are up to date", () => {
  beforeAll(() => promisify(execFile)(compiler, ["-b"], { cwd: repositoryRoot }), 120_000);

  it.each(documentedPackages)("docs/api/%s.md", async (name) => {
    await expect(toApiPage(name)).toMatchFileSnapshot(join(folder, `${name}.md`));
  });

  it("there is no page of a package that was removed", () => {
    expect(readdirSync(folder).sort()).toEqual(
      documentedPackages.map((name) => `${name}.md`).sort(),
    );
  });

  it("llms.txt has all pages of the documentation", async () => {
    await expect(toLlmsText()).toMatchFileSnapshot(join(repositoryRoot, "llms.txt"));
  });
});
