import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { toPage } from "../bench/benchmarks-page.ts";
import type { Results } from "../bench/results.ts";
import { repositoryRoot } from "./pages.ts";

const textOf = (path: string): string => readFileSync(join(repositoryRoot, path), "utf8");
const PROFILE = "test/bench/profile.md";

it("docs/benchmarks.md has the recorded results (`pnpm bench docs` writes it)", () => {
  const results = JSON.parse(textOf("test/bench/results.json")) as Results;
  const profile = existsSync(join(repositoryRoot, PROFILE)) ? textOf(PROFILE) : "";
  const page = toPage(results, textOf("test/bench/benchmarks-page.md"), profile);
  expect(textOf("docs/benchmarks.md")).toBe(page);
});
