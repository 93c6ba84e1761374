import type { ChildProcess } from "node:child_process";

/** A database of our own on a free port, as the operating system sees it; not started yet. */
export interface DatabaseCluster {
  readonly url: string;
  readonly port: number;
  /** Starts the server on what is on disk; resolves when it answers. */
  start(): Promise<ChildProcess>;
  /** Removes what is on disk. */
  remove(): void;
}

/** Starts it for tests; `stop` ends it by `signal` and removes what it wrote. */
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
