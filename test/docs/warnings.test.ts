import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repositoryRoot } from "./pages.ts";

/** The text as one line, so that line breaks do not matter. */
const textOf = (file: string): string =>
  readFileSync(join(repositoryRoot, file), "utf8").replace(/\s+/g, " ");

/** What no code can prevent, so that the documentation must say it. */
describe("the documentation warns", () => {
  it.each([
    [
      "of an auth middleware in front",
      "docs/deploy.md",
      /Exempt the webhook's path from .*middleware/,
    ],
    ["of a redirect", "docs/deploy.md", /redirect, such as 308 .* loses the delivery/],
    ["of Next's own redirect", "packages/next/README.md", /`trailingSlash: true` .* 308/],
    [
      "of closing a server without draining",
      "docs/operations.md",
      /`server\.close\(\(\) => process\.exit\(\)\)` alone loses/,
    ],
  ])("%s", (_, file, warning) => {
    expect(warning.test(textOf(file)), `${file} to say ${warning}`).toBe(true);
  });
});
