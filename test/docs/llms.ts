import { readFileSync } from "node:fs";
import { join, normalize } from "node:path";
import { repositoryRoot } from "./pages.ts";

/** The index of the documentation in the form of https://llmstxt.org. */
export function toLlmsText(): string {
  const index = readFileSync(join(repositoryRoot, "docs/README.md"), "utf8");
  const sections = index.split(/^## /m).slice(1);
  const lists = sections.map((section) => {
    const [title = "", ...lines] = section.split("\n");
    return `## ${title}\n\n${lines.flatMap(toItems).join("\n")}`;
  });
  return `# abstrakt-webhooks\n\n> ${SUMMARY}\n\n${lists.join("\n\n")}\n`;
}

const SUMMARY =
  "Receives the results of Abstrakt jobs in TypeScript servers: answered at once, stored, and handled once by a callback. A community kit.";

/** A row of a table: the task, and one item for each page. */
function toItems(row: string): string[] {
  const [, task = "", pages = ""] = row.split("|").map((cell) => cell.trim());
  return [...pages.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(
    ([, title, path = ""]) => `- [${title}](${normalize(join("docs", path))}): ${task}`,
  );
}
