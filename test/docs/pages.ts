import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const extractedFolder = join(root, "test/docs/extracted");

/** The port that blocks listen on. The test replaces it by a free one. */
export const PORT_IN_BLOCKS = 3000;

export interface Block {
  /** Such as `README.md #2`. */
  readonly name: string;
  readonly code: string;
  readonly file: string;
}

/** What people read: the pages of the root, the READMEs of packages and examples, and `docs`. */
export const pages: readonly string[] = [
  "README.md",
  "SECURITY.md",
  "CONTRIBUTING.md",
  ...["packages", "examples"].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}/README.md`),
  ),
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** Every TypeScript block of every page that a user reads, written to a file of its own. */
export function extractBlocks(): Block[] {
  const blocks = pages.flatMap(blocksOf);
  rmSync(extractedFolder, { recursive: true, force: true });
  mkdirSync(extractedFolder, { recursive: true });
  for (const block of blocks) writeFileSync(block.file, `${block.code}\nexport {};\n`);
  return blocks;
}

function blocksOf(readme: string): Block[] {
  const text = readFileSync(join(root, readme), "utf8");
  const slug = readme.replace(/\W+/g, "-").toLowerCase();
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match, index) => ({
    name: `${readme} #${index + 1}`,
    code: match[1] ?? "",
    file: join(extractedFolder, `${slug}-${index + 1}.ts`),
  }));
}

/** The scripts that a page names as `npx -y pnpm@10 <script>`; `changeset` is a program. */
export const commandsOf = (readme: string): string[] =>
  [
    ...readFileSync(join(root, readme), "utf8").matchAll(/npx -y pnpm@10 (?!changeset\b)([\w:]+)/g),
  ].map((match) => match[1] ?? "");

/** Links to files of this repository, relative to the README they stand in. */
export const linksOf = (readme: string): string[] =>
  [...proseOf(readme).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1] ?? "");

/** A page without its code, in which `log[level](text)` is no link. */
const proseOf = (readme: string): string =>
  readFileSync(join(root, readme), "utf8").replaceAll(/^```.*?^```$/gms, "");

export const repositoryRoot = root;
