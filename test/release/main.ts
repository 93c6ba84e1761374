/**
 * Publishes every package, from a clone that has only what is committed.
 *
 *     pnpm release [--dry-run]
 *
 * The clone is built, packed, installed in empty apps and tested as `test:package` and `test:next`
 * do. A dry run ends there, and applies the versions that the changesets ask for.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { PLACEHOLDER, toAddress, toRefusal } from "./address.ts";
import { toAddressFields, withAbsoluteLinks } from "./prepare.ts";

const root = join(import.meta.dirname, "../..");
const { values } = parseArgs({ options: { "dry-run": { type: "boolean", default: false } } });
const dryRun = values["dry-run"];
const { repository } = readJson(join(root, "package.json"));
const changes = execFileSync("git", ["status", "--porcelain"], { cwd: root, encoding: "utf8" });
const pending = readdirSync(join(root, ".changeset")).filter((file) => file.endsWith(".md"));

const refusal = toRefusal({ dryRun, repository, changes, pending });
if (refusal === undefined) release();
else {
  console.error(refusal);
  process.exitCode = 1;
}

function release(): void {
  const address = toAddress(repository) ?? PLACEHOLDER;
  if (address === PLACEHOLDER) {
    console.log(`The root package.json names no repository: ${PLACEHOLDER} stands in for it.`);
  }
  if (changes !== "") console.log("Changes that are not committed are left out of this dry run.");

  const clone = mkdtempSync(join(tmpdir(), "abstrakt-webhooks-release-"));
  try {
    step(root, "git", "clone", "--quiet", root, clone);
    step(clone, "pnpm", "install", "--frozen-lockfile", "--prefer-offline");
    if (pending.length > 0) step(clone, "pnpm", "exec", "changeset", "version");
    for (const folder of readdirSync(join(clone, "packages"))) prepare(clone, folder, address);
    step(clone, "pnpm", "test:package");
    step(clone, "pnpm", "test:next");
    if (dryRun) console.log("\nThis was a dry run: nothing is published.");
    else publish(clone);
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
}

/** Adds the fields of a registry's page to a package of the clone, and prints its future name. */
function prepare(clone: string, folder: string, address: string): void {
  const path = join(clone, "packages", folder);
  const manifest = readJson(join(path, "package.json"));
  Object.assign(manifest, toAddressFields(address, folder));
  writeFileSync(join(path, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
  const readme = readFileSync(join(path, "README.md"), "utf8");
  writeFileSync(join(path, "README.md"), withAbsoluteLinks(readme, address, folder));
  console.log(`${String(manifest["name"])}@${String(manifest["version"])}`);
}

function publish(clone: string): void {
  step(clone, "pnpm", "exec", "changeset", "publish", "--no-git-tag");
  step(root, "pnpm", "exec", "changeset", "tag");
  console.log("\nPublished and tagged. Push the tags: git push --follow-tags");
}

function step(cwd: string, command: string, ...args: string[]): void {
  console.log(`\n=== ${[command, ...args].join(" ")}`);
  execFileSync(command, args, { cwd, stdio: "inherit" });
}

function readJson(path: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
}
