import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseSync, type Directive, type Statement } from "oxc-parser";
import { repositoryRoot } from "./pages.ts";

interface Manifest {
  readonly name: string;
  readonly exports: Record<string, string | { readonly types: string }>;
}

/** A declaration and its JSDoc. */
interface Documented {
  readonly name: string;
  readonly comment: string;
  readonly code: string;
}

const packagesFolder = join(repositoryRoot, "packages");
const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(packagesFolder, folder, "package.json"), "utf8")) as Manifest;

/** The folders of the packages that have exports. */
export const documentedPackages: readonly string[] = readdirSync(packagesFolder).filter(
  (folder) => typeof manifestOf(folder).exports["."] === "object",
);

/** The page of one package, made from the declarations that `tsc -b` wrote. */
export function toApiPage(folder: string): string {
  const { name, exports } = manifestOf(folder);
  const entries = Object.entries(exports).flatMap(([path, target]) =>
    typeof target === "object" ? [{ path, file: join(packagesFolder, folder, target.types) }] : [],
  );
  const parts = entries.map(({ path, file }) => {
    const title = path === "." ? `# ${name}` : `## ${name}${path.slice(1)}`;
    const level = path === "." ? "##" : "###";
    const sections = readExports(file).map((one) => toSection(level, one));
    return [title, summaryOf(file), ...sections].filter((part) => part !== "").join("\n\n");
  });
  const source = "<!-- Written from the declarations by test/docs/api-pages.test.ts. -->";
  return `${[source, ...parts].join("\n\n")}\n`;
}

const toSection = (level: string, { name, comment, code }: Documented): string =>
  [`${level} ${name}`, comment, code && `\`\`\`typescript\n${code}\n\`\`\``]
    .filter((part) => part !== "")
    .join("\n\n");

/** The exports of an entry, in its own order. */
function readExports(file: string): Documented[] {
  return readStatements(file).flatMap(({ statement }) => {
    if (statement.type === "ExportAllDeclaration") {
      const from = statement.source.value;
      const page = from.replace("@abstrakt-webhooks/", "");
      const comment = `And all names of [\`${from}\`](${page}.md).`;
      return [{ name: "Also exported", comment, code: "" }];
    }
    if (statement.type !== "ExportNamedDeclaration" || statement.source === null) return [];
    const target = toDeclarations(file, statement.source.value);
    return statement.specifiers.map(({ local, exported }) => ({
      ...find(target, nameOf(local)),
      name: nameOf(exported),
    }));
  });
}

/** Finds a name in a file, or in the files whose names it exports. */
function find(file: string, name: string): Omit<Documented, "name"> {
  const exported = readStatements(file).flatMap((read) =>
    read.statement.type === "ExportNamedDeclaration"
      ? [{ ...read, statement: read.statement }]
      : [],
  );
  for (const { statement } of exported) {
    const specifier = statement.specifiers.find((one) => nameOf(one.exported) === name);
    if (specifier === undefined || statement.source === null) continue;
    return find(toDeclarations(file, statement.source.value), nameOf(specifier.local));
  }
  // There are several where a function has overloads.
  const declared = exported.filter(({ statement }) =>
    namesOf(statement.declaration).includes(name),
  );
  if (declared.length === 0) throw new Error(`Expected ${file} to declare ${name}.`);
  return {
    comment: declared.map(({ comment }) => comment).find((text) => text !== "") ?? "",
    code: declared.map(({ text }) => text.replace(/^export (declare )?/, "")).join("\n"),
  };
}

interface Read {
  readonly statement: Statement | Directive;
  readonly comment: string;
  readonly text: string;
}

/** The statements of a file, each with the comment directly before it. */
function readStatements(file: string): Read[] {
  const source = readFileSync(file, "utf8");
  const { program, comments } = parseSync(file, source);
  return program.body.map((statement) => {
    const { start, end } = statement;
    const before = comments.findLast(
      (comment) => comment.end <= start && source.slice(comment.end, start).trim() === "",
    );
    const comment = before?.value.startsWith("*") ? toMarkdown(before.value) : "";
    return { statement, comment, text: source.slice(start, end) };
  });
}

/** The text of `@module`, which is an entry's first comment. */
function summaryOf(file: string): string {
  const { comments } = parseSync(file, readFileSync(file, "utf8"));
  const first = comments[0]?.value ?? "";
  return first.includes("@module") ? toMarkdown(first.replace("@module", "")) : "";
}

/** A JSDoc comment as Markdown. Its examples are fragments, so the pages' test does not run them. */
const toMarkdown = (comment: string): string =>
  comment
    .replace(/^\*/, "")
    .replace(/^ *\* ?/gm, "")
    .replace(/^@example$/gm, "Example:")
    .replace(/^@throws /gm, "Throws ")
    .replace(/^@see /gm, "See ")
    .replace(/^```ts$/gm, "```typescript")
    .replace(/^(Example:)\n(?=```)/gm, "$1\n\n")
    .trim();

const nameOf = (node: { type: string; name?: string; value?: unknown }): string =>
  node.type === "Literal" ? String(node.value) : (node.name ?? "");

type Declaration = Extract<Statement, { type: "ExportNamedDeclaration" }>["declaration"];

function namesOf(declaration: Declaration): string[] {
  if (declaration === null) return [];
  if (declaration.type === "VariableDeclaration") {
    return declaration.declarations.map(({ id }) => (id.type === "Identifier" ? id.name : ""));
  }
  return "id" in declaration && declaration.id?.type === "Identifier" ? [declaration.id.name] : [];
}

function toDeclarations(from: string, specifier: string): string {
  const file = join(dirname(from), specifier.replace(/\.[jt]s$/, ".d.ts"));
  if (!existsSync(file)) throw new Error(`Expected ${file}, which ${from} exports from.`);
  return file;
}
