import { toCompletion } from "../definition/completion.ts";
import { defineCommand, required, type Command } from "../definition/command.ts";
import { BINARY } from "../definition/program.ts";
import { toReference } from "../definition/reference.ts";
import { oneOf } from "../definition/values.ts";

/** Prints a script that completes commands and options in a shell. */
export const completionCommand = (commands: () => readonly Command[]): Command =>
  defineCommand({
    name: "completion",
    summary: "Print a script that completes commands and options in your shell",
    details:
      "The script knows the commands and options of this version. Print it again after an update.",
    args: { shell: required(oneOf(["bash", "zsh", "fish"]), "bash, zsh or fish.") },
    options: {},
    examples: [
      "completion bash >> ~/.bashrc",
      "completion fish > ~/.config/fish/completions/abstrakt-webhooks.fish",
    ],
    async run({ shell }, { output }) {
      const script = toCompletion(shell, BINARY, commands().map(toReference));
      output.result({ shell, script }, script);
      return true;
    },
  });
