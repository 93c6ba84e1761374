import { PassThrough } from "node:stream";
import { run } from "../../src/run.ts";
import type { Keyboard } from "../../src/terminal.ts";
import type { Cli, Running } from "./cli.ts";

/** Runs commands within this process, on the sources, without a terminal. */
export const inProcess: Cli = {
  start: (args, around = {}) => startOn(new PassThrough().end(around.stdin ?? ""), args, around),
};

/** A terminal's keyboard that sends the text of a test. */
export function createKeyboard(): PassThrough & Keyboard {
  return Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
}

/** Runs a command with a keyboard and, on a terminal, a screen. */
export function startOn(
  stdin: PassThrough & Keyboard,
  args: readonly string[],
  { env = {}, cwd = process.cwd() }: { env?: Readonly<Record<string, string>>; cwd?: string } = {},
): Running {
  const written = { stdout: "", stderr: "" };
  const isTTY = stdin.isTTY === true;
  const screen = (name: "stdout" | "stderr") => ({
    isTTY,
    write: (text: string) => void (written[name] += text),
  });
  const interruption = new AbortController();
  const ended = run(args, {
    cwd,
    env,
    stdin,
    stdout: screen("stdout"),
    stderr: screen("stderr"),
    interrupted: interruption.signal,
  });
  return {
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    interrupt: () => interruption.abort(),
    ended: ended.then((code) => ({ code, ...written })),
  };
}
