import { describe, toTyped } from "./help.ts";
import type { CommandReference, ParameterReference } from "./reference.ts";

/** The reference as a page of the docs. */
export function toMarkdown(binary: string, commands: readonly CommandReference[]): string {
  return commands.map((command) => toSection(binary, command)).join("\n\n");
}

function toSection(binary: string, command: CommandReference): string {
  const { name, usage, summary, details, options, examples } = command;
  return [
    `## ${name}`,
    `${summary}.`,
    ...(details === "" ? [] : [details]),
    fence([`${binary} ${usage} [options]`]),
    [...command.arguments, ...options].map(toItem).join("\n"),
    "Examples:",
    fence(examples.map((example) => `${binary} ${example}`)),
  ].join("\n\n");
}

const toItem = (parameter: ParameterReference): string =>
  `- \`${toTyped(parameter)}\`: ${describe(parameter)}`;

const fence = (lines: readonly string[]): string => ["```sh", ...lines, "```"].join("\n");
