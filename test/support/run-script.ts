import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";

/** A process started by a script of a package.json; it is stopped at the end of the test. */
export interface RunningScript {
  /** Its output so far. */
  output(): string;
  /** Resolves with the output as soon as `pattern` is in it. */
  seen(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves with the exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Ends it by SIGTERM. */
  terminate(): void;
  /** Ends it and all its descendants at once, as `kill -9` does. */
  kill(): void;
}

/**
 * Runs a script as `npm run` does: by a shell, with the folder's own binaries in the path. The path
 * is all that it gets of this process's environment.
 */
export function runScript(
  folder: string,
  script: string,
  { env = {}, args = [] }: { env?: Record<string, string>; args?: readonly string[] } = {},
): RunningScript {
  const { scripts } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const PATH = `${join(folder, "node_modules/.bin")}:${process.env["PATH"]}`;
  // `exec` replaces the shell by the command, so that signals reach the command.
  const command = ["exec env", scripts[script], ...args].join(" ");
  const child = spawn(command, {
    cwd: folder,
    shell: true,
    detached: true,
    env: { PATH, ...env },
  });
  const ended = once(child, "close").then(([code, signal]) => (code ?? signal) as number | string);
  onTestFinished(async () => {
    killGroup(child.pid);
    await ended;
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  return {
    output: () => output,
    ended,
    terminate: () => void child.kill("SIGTERM"),
    kill: () => killGroup(child.pid),
    seen: (pattern) =>
      vi.waitFor(
        () => {
          const found = pattern.exec(output);
          if (found === null) throw new Error(`Expected ${pattern} in the output, got:\n${output}`);
          return found;
        },
        { timeout: 20_000 },
      ),
  };
}

/** Kills a script and its descendants. It is no error if they have ended. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
