import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { commands } from "../../packages/cli/src/commands.ts";
import { readSources } from "../architecture/read-sources.ts";
import { pages, repositoryRoot } from "./pages.ts";

/**
 * The package of that name without a scope is not ours: a person who runs or installs it runs the
 * code of others.
 */
const words = commands.map(({ name }) => name.split(" ")[0]).join("|");
const UNSCOPED = new RegExp(
  `(?<![@\\w/-])abstrakt-webhooks (${words}|--help)|\\b(npx|bunx|dlx|install|add|exec)( -\\S+)* abstrakt-webhooks\\b|from "abstrakt-webhooks"`,
);

it("no document and no source says to run or install the unscoped package", () => {
  const texts = [
    ...pages.map((path) => ({ path, text: readFileSync(join(repositoryRoot, path), "utf8") })),
    ...readSources(),
  ];
  expect(texts.length).toBeGreaterThan(100);
  expect(texts.filter(({ text }) => UNSCOPED.test(text)).map(({ path }) => path)).toEqual([]);
});

it.each([
  "npx abstrakt-webhooks dev",
  "Run `abstrakt-webhooks trigger URL`",
  "npm install --save-dev abstrakt-webhooks",
  'import { a } from "abstrakt-webhooks"',
])("the check sees %s", (text) => {
  expect(UNSCOPED.test(text)).toBe(true);
});

it.each(["npx @abstrakt-webhooks/cli dev", "complete -F complete abstrakt-webhooks"])(
  "the check allows %s",
  (text) => {
    expect(UNSCOPED.test(text)).toBe(false);
  },
);
