import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

it("each package that was never released has a changeset that describes it", () => {
  const changesets = readdirSync(".changeset")
    .filter((file) => file.endsWith(".md"))
    .map((file) => readFileSync(`.changeset/${file}`, "utf8"));
  const folders = readdirSync("packages");
  expect(folders).toContain("core");
  const undescribed = folders.filter((folder) => {
    const manifest = readFileSync(`packages/${folder}/package.json`, "utf8");
    const { name, version } = JSON.parse(manifest) as { name: string; version: string };
    return version === "0.0.0" && !changesets.some((text) => text.includes(`"${name}": minor`));
  });
  expect(undescribed).toEqual([]);
});
