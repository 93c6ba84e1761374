import { defineCommand, type Command } from "../definition/command.ts";
import { PROGRAM } from "../definition/program.ts";
import { toMarkdown } from "../definition/markdown.ts";
import { toReference } from "../definition/reference.ts";

/** Prints the options of all commands. */
export const referenceCommand = (commands: () => readonly Command[]): Command =>
  defineCommand({
    name: "reference",
    summary: "Print the options of every command, as Markdown or JSON lines",
    details: "",
    args: {},
    options: {},
    examples: ["reference --json"],
    async run(_, { output }) {
      output.results(commands().map(toReference), (all) => toMarkdown(PROGRAM, all));
      return true;
    },
  });
