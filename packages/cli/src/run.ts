import { createRequire } from "node:module";
import { commands } from "./commands.ts";
import type { Command } from "./definition/command.ts";
import { helpForAll, helpForOne } from "./definition/help.ts";
import { parse } from "./definition/parse.ts";
import { PROGRAM } from "./definition/program.ts";
import { toReference } from "./definition/reference.ts";
import { toExitCode, toLine, type ExitCode } from "./errors.ts";
import { createOutput } from "./output.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Runs a command line and resolves with the process's exit code. It never rejects: what is thrown
 * becomes one line on stderr and an exit code, here and nowhere else.
 *
 * @param argv what stands behind the program's name.
 */
export async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    const request = parse(argv, commands, terminal.env);
    switch (request.kind) {
      case "version":
        terminal.stdout.write(`${version()}\n`);
        return 0;
      case "help":
        terminal.stdout.write(`${toHelp(request.commands, request.command)}\n`);
        return 0;
      case "run": {
        const output = createOutput(terminal, request.json);
        return (await request.command.run(request.input, { terminal, output })) ? 0 : 1;
      }
    }
  } catch (thrown) {
    terminal.stderr.write(`${toLine(thrown)}\n`);
    return toExitCode(thrown);
  }
}

const toHelp = (all: readonly Command[], one?: Command): string =>
  one === undefined
    ? helpForAll(PROGRAM, all.map(toReference))
    : helpForOne(PROGRAM, toReference(one));

function version(): string {
  const manifest = createRequire(import.meta.url)("../package.json") as { version: string };
  return manifest.version;
}
