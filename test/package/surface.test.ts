import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { toSource } from "../architecture/read-sources.ts";
import { entries } from "./packages.ts";

/** A readable list of an entry's values, types and re-exports. */
async function surface(module: string, declarations: string): Promise<Record<string, string[]>> {
  const values = Object.keys((await import(module)) as object);
  const { program } = toSource(declarations, readFileSync(declarations, "utf8"));
  const names: string[] = [];
  const passedOn: string[] = [];
  for (const statement of program.body) {
    if (statement.type === "ExportAllDeclaration") passedOn.push(statement.source.value);
    if (statement.type !== "ExportNamedDeclaration") continue;
    for (const { exported } of statement.specifiers) {
      names.push("name" in exported ? exported.name : exported.value);
    }
  }
  const types = names.filter((name) => !values.includes(name));
  return { values: values.sort(), types: types.sort(), passedOn };
}

it.each(entries)("$specifier exports exactly these names", async (entry) => {
  expect(await surface(entry.module, entry.declarations)).toMatchSnapshot();
});
