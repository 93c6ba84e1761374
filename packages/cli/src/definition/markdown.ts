import { describe, toTyped } from "./help.ts";
import type { CommandReference, ParameterReference } from "./reference.ts";

/** The reference as a page of the docs. */
export function toMarkdown(program: string, commands: readonly CommandReference[]): string {
  return commands.map((command) => toSection(program, command)).join("\n\n");
}

function toSection(program: string, command: CommandReference): string {
  const { name, usage, summary, details, options, examples } = command;
  return [
    `## ${name}`,
    `${summary}.`,
    ...(details === "" ? [] : [details]),
    fence([`${program} ${usage} [options]`]),
    [...command.arguments, ...options].map(toItem).join("\n"),
    "Examples:",
    fence(examples.map((example) => `${program} ${example}`)),
  ].join("\n\n");
}

const toItem = (parameter: ParameterReference): string =>
  `- \`${toTyped(parameter)}\`: ${describe(parameter)}`;

const fence = (lines: readonly string[]): string => ["```sh", ...lines, "```"].join("\n");
