import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const extractedFolder = join(root, "test/docs/extracted");

/** The port that blocks listen on. The test replaces it by a free one. */
export const PORT_IN_BLOCKS = 3000;

/** A code block that is written to a file, compiled and run. */
export interface Block {
  /** Such as `README.md #2`. */
  readonly name: string;
  readonly code: string;
  readonly file: string;
}

/** A code block that repeats a part of a file of this repository; the file has its own test. */
export interface Quote {
  readonly name: string;
  readonly code: string;
  /** Relative to the root. */
  readonly source: string;
}

/** All pages for users: the pages of the root, the READMEs of packages and examples, and `docs`. */
export const pages: readonly string[] = [
  "README.md",
  "SECURITY.md",
  "CONTRIBUTING.md",
  ...["packages", "examples"].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}/README.md`),
  ),
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

const textOf = (page: string): string => readFileSync(join(root, page), "utf8");

/** The text without its code blocks. */
const proseOf = (page: string): string => textOf(page).replace(/^```.*?^```$/gms, "");

/** Every TypeScript and CommonJS block of every page, written to a file of its own. */
export function extractBlocks(): Block[] {
  const blocks = pages.flatMap(blocksOf);
  rmSync(extractedFolder, { recursive: true, force: true });
  for (const { file, code } of blocks) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, file.endsWith(".cjs") ? code : `${code}\nexport {};\n`);
  }
  return blocks;
}

/**
 * The blocks of a page can import one another: a block that begins with a path, such as `//
 * app/receiver.ts`, gets that name. A repeated name starts a new folder.
 */
function blocksOf(page: string): Block[] {
  const slug = page.replace(/\W+/g, "-").toLowerCase();
  let folder = 1;
  const taken = new Set<string>();
  return [...textOf(page).matchAll(/^```(ts|cjs)\n(.*?)^```$/gms)].map((match, index) => {
    const [, language = "", code = ""] = match;
    const [, title = `block-${index + 1}.${language}`] = /^\/\/ ([\w./-]+\.\w+)\b/.exec(code) ?? [];
    if (taken.has(`${folder}/${title}`)) folder += 1;
    taken.add(`${folder}/${title}`);
    const file = join(extractedFolder, slug, `${folder}`, title);
    return { name: `${page} #${index + 1}`, code, file };
  });
}

/** The blocks that begin with "```ts file=path". */
export const extractQuotes = (): Quote[] =>
  pages.flatMap((page) =>
    [...textOf(page).matchAll(/^```\w+ file=(\S+)\n(.*?)^```$/gms)].map((match, index) => ({
      name: `${page} quote #${index + 1}`,
      source: match[1] ?? "",
      code: match[2] ?? "",
    })),
  );

/** The scripts that a page names as `npx -y pnpm@10 <script>`; `changeset` is a program. */
export const commandsOf = (page: string): string[] =>
  [...textOf(page).matchAll(/npx -y pnpm@10 (?!changeset\b)([\w:]+)/g)].map(
    (match) => match[1] ?? "",
  );

/** A link to a file of this repository, relative to the page, or to a heading, or to both. */
export interface Link {
  /** `undefined`: the page itself. */
  readonly path: string | undefined;
  readonly heading: string | undefined;
}

export const linksOf = (page: string): Link[] =>
  [...proseOf(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)].map((match) => ({
    path: match[1] || undefined,
    heading: match[2],
  }));

/** The anchors that GitHub makes of a page's headings. */
export function headingsOf(page: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, title = ""] of proseOf(page).matchAll(/^#{1,6} (.+)$/gm)) {
    const text = title.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const anchor = text.replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-");
    for (let n = 0; ; n++) {
      const candidate = n === 0 ? anchor : `${anchor}-${n}`;
      if (anchors.has(candidate)) continue;
      anchors.add(candidate);
      break;
    }
  }
  return anchors;
}

export const repositoryRoot = root;
