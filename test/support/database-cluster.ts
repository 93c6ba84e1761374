import type { ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * A new database cluster on a free port, as the operating system sees it; it is not started yet.
 */
export interface DatabaseCluster {
  readonly url: string;
  readonly port: number;
  /** Starts the server on its files; resolves when it answers. */
  start(): Promise<ChildProcess>;
  /** Removes its files. */
  remove(): void;
}

/** How a server is started, and how a test sees that it is ready. */
interface ServerProcess {
  readonly url: string;
  readonly port: number;
  /** Where its files are. */
  readonly folder: string;
  launch(): ChildProcess;
  answers(): Promise<boolean>;
}

/** Makes a cluster of it. The server ends with this process, if no test has stopped it before. */
export function toCluster({ launch, answers, ...o }: ServerProcess): DatabaseCluster {
  let server: ChildProcess | undefined;
  process.once("exit", () => server?.kill("SIGKILL"));
  return {
    url: o.url,
    port: o.port,
    async start() {
      const started = (server = launch());
      while (!(await answers())) {
        await sleep(20);
        const { exitCode, spawnfile } = started;
        if (exitCode !== null) throw new Error(`${spawnfile} ended with ${exitCode}`);
      }
      return started;
    },
    remove: () => rmSync(o.folder, { recursive: true, force: true }),
  };
}

/** Starts it for tests; `stop` ends it by `signal` and removes its files. */
export async function startCluster(
  cluster: DatabaseCluster,
  signal: NodeJS.Signals,
): Promise<{ url: string; stop(): Promise<void> }> {
  const server = await cluster.start();
  const exited = new Promise((resolve) => server.once("exit", resolve));
  return {
    url: cluster.url,
    async stop() {
      server.kill(signal);
      await exited;
      cluster.remove();
    },
  };
}
