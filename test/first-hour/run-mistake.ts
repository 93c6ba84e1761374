import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../../", import.meta.url));
const tsx = import.meta.resolve("tsx");

/**
 * Runs a program of `mistakes` in an empty folder, as a user does, and resolves with what the
 * console says: first what the program prints, then errors and warnings.
 *
 * @param without packages that the program cannot import, or `crypto`.
 * @param flags options of Node.
 */
export function runMistake(
  name: string,
  without: readonly string[] = [],
  flags: readonly string[] = [],
): Promise<string> {
  const cwd = mkdtempSync(join(tmpdir(), "first-hour-"));
  onTestFinished(() => rmSync(cwd, { recursive: true }));
  const imports = [tsx, join(here, "without-packages.mjs")].flatMap((one) => ["--import", one]);
  const args = [...flags, "--conditions=@abstrakt-webhooks/source", ...imports];
  const env = { PATH: process.env["PATH"], WITHOUT: without.join() };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...args, join(here, "mistakes", `${name}.ts`)],
      { cwd, env },
      (_, stdout, stderr) => resolve(toStory(stdout + stderr)),
    );
  });
}

/** Node's version, and its warnings of its own features. */
const OF_NODE =
  /^(Node\.js v|\(node:\d+\) (Experimental|Security)Warning|\(Use `node --trace-warnings)/;

/** The same text on every machine. Of a stack it keeps the lines of the user's own program. */
function toStory(console: string): string {
  const lines = console
    .replaceAll(root, "")
    .replaceAll("file://", "")
    .replaceAll(/(\.ts:\d+):\d+/g, "$1")
    .replaceAll(/ in \d+ s\b/g, " in 2 s")
    .split("\n")
    .filter((line) => line.trim() !== "" && !OF_NODE.test(line));
  const kept = lines.filter((line) => !/^\s+at /.test(line) || line.includes("mistakes/"));
  // A repeated line is kept once.
  return [...new Set(kept)].join("\n");
}
