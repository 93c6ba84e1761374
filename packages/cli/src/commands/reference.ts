import { defineCommand, type Command } from "../definition/command.ts";
import { PROGRAM } from "../definition/program.ts";
import { toMarkdown } from "../definition/markdown.ts";
import { toReference } from "../definition/reference.ts";

/** Prints what all commands take. */
export const referenceCommand = (commands: () => readonly Command[]): Command =>
  defineCommand({
    name: "reference",
    summary: "Print what every command takes, as Markdown or JSON lines",
    details: "",
    args: {},
    options: {},
    examples: ["reference --json"],
    async run(_, { output }) {
      output.results(commands().map(toReference), (all) => toMarkdown(PROGRAM, all));
      return true;
    },
  });
