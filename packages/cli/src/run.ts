import { createRequire } from "node:module";
import { commands } from "./commands.ts";
import { helpForAll, helpForOne } from "./definition/help.ts";
import { parse } from "./definition/parse.ts";
import { PROGRAM } from "./definition/program.ts";
import { toReference, type CommandReference } from "./definition/reference.ts";
import { toExitCode, toLine, type ExitCode } from "./errors.ts";
import { createOutput, printable } from "./output.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Runs a command line and resolves with the exit code of the process. It never rejects. This is the
 * one place where an error becomes a line on stderr and an exit code.
 *
 * @param argv the arguments after the name of the program.
 */
export async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    const request = parse(argv, commands, terminal.env);
    const output = createOutput(terminal, request.json);
    switch (request.kind) {
      case "version":
        output.result({ version: version() }, version());
        return 0;
      case "help":
        output.results(request.commands.map(toReference), toHelp);
        return 0;
      case "run":
        return (await request.command.run(request.input, { terminal, output })) ? 0 : 1;
    }
  } catch (thrown) {
    terminal.stderr.write(`${printable(toLine(thrown))}\n`);
    return toExitCode(thrown);
  }
}

const toHelp = (shown: readonly CommandReference[]): string => {
  const [command, ...others] = shown;
  return command !== undefined && others.length === 0
    ? helpForOne(PROGRAM, command)
    : helpForAll(PROGRAM, shown);
};

function version(): string {
  const manifest = createRequire(import.meta.url)("../package.json") as { version: string };
  return manifest.version;
}
