import type { ChildProcess } from "node:child_process";

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
