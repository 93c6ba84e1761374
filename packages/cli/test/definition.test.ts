import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { commands } from "../src/commands.ts";
import { parse } from "../src/definition/parse.ts";
import { nearest } from "../src/definition/suggest.ts";
import { setPaths } from "../src/delivery/set-path.ts";
import { memoryStore } from "@abstrakt-webhooks/core";
import { recordsOf, type RecordFilter } from "../src/stores/records.ts";
import { finish } from "./support/cli.ts";
import { inProcess } from "./support/in-process.ts";

const env = {
  WEBHOOK_SECRET: "a secret of at least 32 characters",
  ABSTRAKT_STORE: "sqlite:a.db",
};
const examples = commands.flatMap((command) =>
  command.examples.map((example) => [command.name, example] as const),
);

it.each(examples)("an example of %s can be run: %s", (name, example) => {
  const [line = ""] = example.split(/ >+ /);
  expect(parse(line.split(" "), commands, env)).toMatchObject({ kind: "run", command: { name } });
});

it("docs/cli.md has exactly the text that `reference` prints", async () => {
  const { stdout } = await finish(inProcess, ["reference"]);
  const page = new URL("../../../docs/cli.md", import.meta.url);
  const [head = ""] = readFileSync(page, "utf8").split(/^## /m);
  await expect(`${head}${stdout}`).toMatchFileSnapshot(fileURLToPath(page));
});

describe("the completion script", () => {
  it("completes commands, options and choices in bash", async () => {
    const { stdout: definition } = await finish(inProcess, ["completion", "bash"]);
    const complete = (...words: string[]): string[] => {
      const script = `${definition}
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
        _abstrakt_webhooks
        echo "\${COMPREPLY[@]}"`;
      const args = ["-c", script, "bash", "abstrakt-webhooks", ...words];
      return execFileSync("bash", args, { encoding: "utf8" }).trim().split(" ");
    };
    expect(complete("")).toEqual(expect.arrayContaining(["dev", "trigger", "jobs", "mint"]));
    expect(complete("jobs", "re")).toEqual(["redrive"]);
    expect(complete("trigger", "http://localhost", "--ti")).toEqual(["--times"]);
    expect(complete("jobs", "list", "--state", "d")).toEqual(["done", "dead"]);
    expect(complete("mint", "http://localhost", "--secret", "")).toEqual([""]);
    expect(complete("trigger", "http://x", "--file", "package.j")).toEqual(["package.json"]);
  });

  it.each(["zsh", "fish"])("exists for %s and names every command", async (shell) => {
    const { code, stdout } = await finish(inProcess, ["completion", shell]);
    expect(code).toBe(0);
    for (const { name } of commands) expect(stdout).toContain(name.split(" ").at(-1));
  });
});

it.each([
  ["--tmes", "--times"],
  ["--Times", "--times"],
  ["--file", "--file"],
  ["--something-else", undefined],
])("the known option most similar to %s is %s", (typed, expected) => {
  expect(nearest(typed, ["--type", "--times", "--file"])).toBe(expected);
});

it("--set cannot change a prototype", () => {
  const made = setPaths({}, [
    { path: ["__proto__", "polluted"], value: 1 },
    { path: ["constructor", "prototype", "polluted"], value: 1 },
  ]);
  expect(JSON.stringify(made)).toBe(
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
  );
  expect(Reflect.get({}, "polluted")).toBeUndefined();
});

it("records are read page by page, up to the limit", async () => {
  const store = memoryStore();
  const count = 1_200;
  for (let index = 0; index < count; index++) {
    await store.ingest(
      { jobId: `job_${index}`, fingerprint: "f", payload: "{}", source: "webhook" },
      { owner: "test", leaseMs: 0 },
    );
  }
  const idsOf = async (filter: RecordFilter): Promise<string[]> => {
    const ids: string[] = [];
    for await (const { jobId } of recordsOf(store, filter)) ids.push(jobId);
    return ids;
  };
  expect(new Set(await idsOf({})).size).toBe(count);
  expect(await idsOf({ limit: 700 })).toHaveLength(700);
  expect((await idsOf({ prefix: "job_119" })).sort()).toEqual(
    ["job_119", ...Array.from({ length: 10 }, (_, digit) => `job_119${digit}`)].sort(),
  );
  expect(await idsOf({ prefix: "job_119", limit: 3 })).toHaveLength(3);
  expect(await idsOf({ state: "dead" })).toEqual([]);
});
