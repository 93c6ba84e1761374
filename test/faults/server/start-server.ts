import { fork } from "node:child_process";
import { once } from "node:events";
import type { ServerConfig } from "./server-config.ts";

/** A server process. */
export interface Server {
  readonly by: string;
  readonly port: number;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Resolves with the exit code or the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
  isRunning(): boolean;
}

/** Starts the bundled server. @throws Error when it ends before it listens. */
export async function startServer(bundle: string, config: ServerConfig): Promise<Server> {
  const { PATH } = process.env;
  // The loader and the options of this process would cost a quarter of a second.
  const child = fork(bundle, { execArgv: [], env: { PATH, FAULTS: JSON.stringify(config) } });
  const ended = once(child, "exit").then(([code, signal]) => (code ?? signal) as number | string);
  const failed = async (): Promise<never> => {
    throw new Error(`The server ${config.by} ended with ${await ended} before it listened.`);
  };
  const [port] = await Promise.race([once(child, "message"), failed()]);
  return {
    by: config.by,
    port: port as number,
    signal: (name) => void child.kill(name),
    ended,
    isRunning: () => child.exitCode === null && child.signalCode === null,
  };
}
