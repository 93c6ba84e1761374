/** A template whose `{{names}}` are replaced by what was found. */
export function fillTemplate(template: string, parts: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const part = parts[name];
    if (part !== undefined) return part;
    throw new Error(`Expected {{${name}}} to be one of ${Object.keys(parts).join(", ")}.`);
  });
}

export const toCount = (count: number): string => Math.round(count).toLocaleString("en");

/** A list of what was measured with. */
export const toVersions = (versions: Readonly<Record<string, string>>): string =>
  Object.entries(versions)
    .map(([name, version]) => `- ${name} ${version}`)
    .join("\n");

/** As the formatter would have it. */
export function toTable([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((cells) => cells[column]?.length ?? 0)),
  );
  const toLine = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [head, widths.map((width) => "-".repeat(width)), ...rows].map(toLine).join("\n");
}
