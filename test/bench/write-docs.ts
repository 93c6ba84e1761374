import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { toPage } from "./benchmarks-page.ts";
import { toChart } from "./chart.ts";
import type { Results } from "./results.ts";
import { toScalePage } from "./scale/page.ts";
import type { ScaleResults } from "./scale/results.ts";

const root = new URL("../../../../", import.meta.url);
const inRoot = (path: string): string => fileURLToPath(new URL(path, root));
const RESULTS = "test/bench/results.json";
const SCALE_RESULTS = "test/bench/scale/results.json";

/** Those of the last full run. */
export const readResults = (): Results => read(RESULTS) as Results;

/** Those of the last full run of `bench scale`. */
export const readScaleResults = (): ScaleResults => read(SCALE_RESULTS) as ScaleResults;

/** Writes the results, the page and its pictures. */
export function writeDocs(results: Results): void {
  keep(RESULTS, results);
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

/** Writes the results and the page of `bench scale`. */
export function writeScaleDocs(results: ScaleResults): void {
  keep(SCALE_RESULTS, results);
  const template = readFileSync(inRoot("test/bench/scale/page.md"), "utf8");
  writeFileSync(inRoot("docs/scale.md"), toScalePage(results, template));
}

const read = (path: string): unknown => JSON.parse(readFileSync(inRoot(path), "utf8"));

function keep(path: string, results: object): void {
  writeFileSync(inRoot(path), JSON.stringify(results, undefined, 2));
  execFileSync(inRoot("node_modules/.bin/oxfmt"), [inRoot(path)]);
}
