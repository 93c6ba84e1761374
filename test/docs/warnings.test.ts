import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repositoryRoot } from "./pages.ts";

/** The text as one line, so that line breaks do not matter. */
const textOf = (file: string): string =>
  readFileSync(join(repositoryRoot, file), "utf8").replace(/\s+/g, " ");

/** Mistakes that no code can prevent, so that the documentation must warn of them. */
describe("the documentation warns", () => {
  it.each([
    [
      "of an auth middleware before the receiver",
      "docs/deploy.md",
      /Exempt the webhook's path from .*middleware/,
    ],
    ["of a redirected endpoint", "docs/deploy.md", /redirect, such as 308 .* loses the delivery/],
    ["of Next's own redirect", "packages/next/README.md", /`trailingSlash: true`, .* 308/],
    [
      "of closing a server without a drain",
      "docs/operations.md",
      /`server\.close\(\(\) => process\.exit\(\)\)` alone ends callbacks/,
    ],
    [
      "of a parser's own limit",
      "packages/express/README.md",
      /`express\.json\(\)` answers 413 .* mount the handler before the parser/,
    ],
    [
      "of compilers that need another setting",
      "packages/core/README.md",
      /`commonjs` .*\| 5\.4 .*`node16`, `node18` .*TS1479/,
    ],
    [
      "of ioredis after a failover",
      "packages/store-redis/README.md",
      /the option `reconnectOnError`, .* Without it, you must restart the process/,
    ],
    [
      "of postgres.js after a failover",
      "packages/store-postgres/README.md",
      /`max_lifetime`, .* so set it/,
    ],
    [
      "of a callback that runs before `submit` returns",
      "docs/polling.md",
      /The callback may run before `submit` returns\. .* pass its key as `ref`/,
    ],
    [
      "of promises that nobody awaits",
      "docs/guarantees.md",
      /Promises that your callback neither awaits nor returns\..* the job is done all the same/,
    ],
    [
      "of one secret for two environments",
      "docs/security.md",
      /with equal secrets, production accepts the URLs of staging\. .* `audience`/,
    ],
  ])("%s", (_, file, warning) => {
    expect(warning.test(textOf(file)), `${file} to say ${warning}`).toBe(true);
  });
});

const auth = "packages/core/src/auth/";
const events = "packages/core/src/receiver/events/";
const QUOTED = /"([a-z_]+)"/g;
const ADVICE = /ADVICE = {(.*?) };/;
const NAMED = /([a-z_]+): [A-Z"]/g;

/** The files where the code lists its codes, and the page that names each of them. */
const lists: [what: string, source: string, list: RegExp, code: RegExp, page: string][] = [
  ["warning", `${events}events.ts`, /WarningCode =(.*?);/, QUOTED, "operations"],
  ["dead letter", `${events}events.ts`, /DeathReason =(.*?);/, QUOTED, "operations"],
  ["signed URL's 401", `${auth}signed-url.ts`, ADVICE, NAMED, "troubleshooting"],
  ["standard webhook's 401", `${auth}standard-webhooks.ts`, ADVICE, NAMED, "troubleshooting"],
  ["error", "packages/core/src/errors.ts", /ErrorCode =(.*?);/, QUOTED, "troubleshooting"],
  [
    "refusal",
    "packages/core/src/receiver/http/answers.ts",
    /(refused = .*?) export function/,
    /(?:refusal\( ?\d+, |retryLater\( ?)"([a-z_]+)"/g,
    "answers",
  ],
];

describe("the documentation names every code of", () => {
  it.each(lists)("a %s", (_, source, list, code, page) => {
    const [, listed = ""] = list.exec(textOf(source)) ?? [];
    const codes = [...listed.matchAll(code)].map(([, name]) => name);
    expect(codes.length).toBeGreaterThan(3);
    const text = textOf(`docs/${page}.md`);
    expect(codes.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});
