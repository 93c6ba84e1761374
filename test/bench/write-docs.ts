import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { toPage } from "./benchmarks-page.ts";
import { toChart } from "./chart.ts";
import type { Results } from "./results.ts";

const root = new URL("../../../../", import.meta.url);
const inRoot = (path: string): string => fileURLToPath(new URL(path, root));
const RESULTS = inRoot("test/bench/results.json");

/** Those of the last full run. */
export const readResults = (): Results => JSON.parse(readFileSync(RESULTS, "utf8")) as Results;

/** Writes the results, the page and its pictures. */
export function writeDocs(results: Results): void {
  writeFileSync(RESULTS, JSON.stringify(results, undefined, 2));
  execFileSync(inRoot("node_modules/.bin/oxfmt"), [RESULTS]);
  const profile = inRoot("test/bench/profile.md");
  const page = toPage(
    results,
    readFileSync(inRoot("test/bench/benchmarks-page.md"), "utf8"),
    existsSync(profile) ? readFileSync(profile, "utf8") : "",
  );
  writeFileSync(inRoot("docs/benchmarks.md"), page);
  for (const theme of ["light", "dark"] as const) {
    writeFileSync(inRoot(`docs/images/benchmarks-${theme}.svg`), toChart(results, theme));
  }
}
