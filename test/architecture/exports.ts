import { posix } from "node:path";
import type { Directive, Statement } from "oxc-parser";
import type { SourceFile } from "./read-sources.ts";

/** A name that an entry exports, and the file that declares it. */
interface Exported {
  readonly name: string;
  readonly source: SourceFile;
}

/** The names that an entry exports, without those of another package. */
export function exportsOf(entry: string, sources: readonly SourceFile[]): Exported[] {
  return sourceAt(entry, sources).program.body.flatMap((statement) => {
    if (statement.type !== "ExportNamedDeclaration" || statement.source === null) return [];
    const path = posix.join(posix.dirname(entry), statement.source.value);
    const source = sourceAt(path, sources);
    return statement.specifiers.map(({ local }) => ({ name: nameOf(local), source }));
  });
}

/** Names that an entry exports and whose declaration has no JSDoc right before it. */
export const undocumentedExports = (entry: string, sources: readonly SourceFile[]): string[] =>
  exportsOf(entry, sources)
    .filter(({ name, source }) => !isDocumented(source, name))
    .map(({ name, source }) => `${source.path}: ${name}`);

function sourceAt(path: string, sources: readonly SourceFile[]): SourceFile {
  const source = sources.find((one) => one.path === path);
  if (source === undefined) throw new Error(`Expected a source file at ${path}.`);
  return source;
}

function isDocumented({ text, program }: SourceFile, name: string): boolean {
  const declaration = program.body.find((statement) => declaredNames(statement).includes(name));
  const before = text.slice(0, declaration?.start ?? 0).trimEnd();
  return before.endsWith("*/") && before.startsWith("/**", before.lastIndexOf("/*"));
}

function declaredNames(statement: Directive | Statement): string[] {
  if (statement.type !== "ExportNamedDeclaration") return [];
  const { declaration } = statement;
  if (declaration?.type === "VariableDeclaration") {
    return declaration.declarations.map(({ id }) => ("name" in id ? id.name : ""));
  }
  if (declaration === null || !("id" in declaration) || declaration.id === null) return [];
  return "name" in declaration.id ? [declaration.id.name] : [];
}

const nameOf = (local: { name: string } | { value: string }): string =>
  "name" in local ? local.name : local.value;
