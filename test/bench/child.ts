import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** How much of what a child prints is shown when it ends too early. */
const MAX_OUTPUT = 10_000;

/** A process beside this one, which answers every message with one of its own. */
export interface Child {
  readonly pid: number;
  /** Its next message. @throws Error when it ends instead. */
  heard<T>(): Promise<T>;
  ask<T>(message: string | number | object): Promise<T>;
  /** Resolves when it has ended, also if it did so before. */
  end(): Promise<void>;
}

/**
 * Starts a module of this folder in production mode, by the path of a `node` or by a longer
 * command such as `["valgrind", "node"]`.
 */
export function startChild(command: readonly string[], file: string, ...args: string[]): Child {
  const [execPath, ...execArgv] = command;
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    execPath,
    execArgv,
    env: { ...process.env, NODE_ENV: "production" },
    silent: true,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (text: Buffer) => (output = (output + text.toString()).slice(-MAX_OUTPUT)));
  }
  const exited = once(child, "exit");
  const failed = async (): Promise<never> => {
    await exited;
    throw new Error(`${file} ${args.join(" ")} ended before it answered.\n${output}`);
  };
  const heard = async <T>(): Promise<T> => {
    const [message] = await Promise.race([once(child, "message"), failed()]);
    return message as T;
  };
  return {
    // Without one the process has not started, and `heard` rejects.
    pid: child.pid ?? Number.NaN,
    heard,
    ask: (message) => {
      child.send(message);
      return heard();
    },
    end: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
