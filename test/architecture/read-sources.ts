import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseSync, Visitor, type Program } from "oxc-parser";

/** One source file of a package. */
export interface SourceFile {
  /** From the repository's root: `packages/core/src/index.ts`. */
  path: string;
  text: string;
  program: Program;
  imports: Import[];
}

/** One import: static, dynamic or re-exporting. */
export interface Import {
  specifier: string;
  typeOnly: boolean;
}

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Every TypeScript file under `packages/<name>/src`. */
export function readSources(): SourceFile[] {
  return readdirSync(`${root}packages`).flatMap((name) =>
    readdirSync(`${root}packages/${name}/src`, { recursive: true, encoding: "utf8" })
      .filter((file) => /\.tsx?$/.test(file))
      .map((file) => `packages/${name}/src/${file}`)
      .map((path) => toSource(path, readFileSync(root + path, "utf8"))),
  );
}

/** Parses one file, given as text. */
export function toSource(path: string, text: string): SourceFile {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  return { path, text, program, imports: importsOf(program) };
}

function importsOf(program: Program): Import[] {
  const found: Import[] = [];
  new Visitor({
    ImportDeclaration({ source, importKind, specifiers }) {
      const kinds = specifiers.map((one) => ("importKind" in one ? one.importKind : "value"));
      found.push({ specifier: source.value, typeOnly: isTypeOnly(importKind, kinds) });
    },
    ExportNamedDeclaration({ source, exportKind, specifiers }) {
      if (source === null) return;
      const kinds = specifiers.map((one) => one.exportKind);
      found.push({ specifier: source.value, typeOnly: isTypeOnly(exportKind, kinds) });
    },
    ExportAllDeclaration({ source, exportKind }) {
      found.push({ specifier: source.value, typeOnly: exportKind === "type" });
    },
    ImportExpression({ source }) {
      const specifier = source.type === "Literal" ? String(source.value) : "a computed name";
      found.push({ specifier, typeOnly: false });
    },
    TSImportType({ source }) {
      found.push({ specifier: source.value, typeOnly: true });
    },
  }).visit(program);
  return found;
}

/** True for `import type { A }` and `import { type A }`: the output contains neither. */
function isTypeOnly(kind: unknown, kinds: unknown[]): boolean {
  return kind === "type" || (kinds.length > 0 && kinds.every((one) => one === "type"));
}
