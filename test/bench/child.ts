import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A process beside this one, which answers every message with one of its own. */
export interface Child {
  /** Its next message. @throws Error when it ends instead. */
  heard<T>(): Promise<T>;
  ask<T>(message: string | number): Promise<T>;
  /** Resolves when it has ended, also if it did so before. */
  end(): Promise<void>;
}

/** Starts a module of this folder, in production mode. */
export function startChild(file: string, ...args: string[]): Child {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    env: { ...process.env, NODE_ENV: "production" },
  });
  const exited = once(child, "exit");
  const failed = async (): Promise<never> => {
    await exited;
    throw new Error(`${file} ${args.join(" ")} ended before it answered.`);
  };
  const heard = async <T>(): Promise<T> => {
    const [message] = await Promise.race([once(child, "message"), failed()]);
    return message as T;
  };
  return {
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
