import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { Client } from "pg";
import type { DatabaseCluster } from "./database-cluster.ts";
import { createPostgres, createStandby } from "./postgres-server.ts";

/** A server of a pair. */
export interface PairedServer {
  readonly url: string;
  /** Starts it on its files. */
  start(): Promise<void>;
  /** Ends it by a regular shutdown, or as a crash does. */
  stop(how?: "in order" | "crash"): Promise<void>;
  /** Runs one statement on a new connection. */
  query<Row>(text: string): Promise<Row[]>;
}

/** A primary and its synchronous standby, on free ports. */
export interface PostgresPair {
  readonly primary: PairedServer;
  readonly standby: PairedServer;
  /** Makes the standby a primary. */
  promote(): Promise<void>;
  close(): Promise<void>;
}

/** Starts both; `undefined` without binaries. The primary waits for the standby at each commit. */
export async function startPostgresPair(): Promise<PostgresPair | undefined> {
  const cluster = await createPostgres();
  if (cluster === undefined) return undefined;
  const primary = await startPaired(cluster);
  const copy = await createStandby(cluster);
  const standby = await startPaired(copy);
  await primary.query("ALTER SYSTEM SET synchronous_standby_names = '*'");
  await primary.query("SELECT pg_reload_conf()");
  return {
    primary,
    standby,
    async promote() {
      await standby.query("ALTER SYSTEM RESET synchronous_standby_names");
      await standby.query("SELECT pg_promote()");
    },
    async close() {
      await Promise.all([primary.stop("crash"), standby.stop("crash")]);
      for (const one of [cluster, copy]) one.remove();
    },
  };
}

async function startPaired(cluster: DatabaseCluster): Promise<PairedServer> {
  let server: ChildProcess | undefined = await cluster.start();
  return {
    url: cluster.url,
    async start() {
      server = await cluster.start();
    },
    async stop(how = "in order") {
      if (server === undefined) return;
      const ended = once(server, "exit");
      server.kill(how === "crash" ? "SIGQUIT" : "SIGINT");
      await ended;
      server = undefined;
    },
    async query<Row>(text: string) {
      const client = new Client({ connectionString: cluster.url });
      await client.connect();
      try {
        return (await client.query(text)).rows as Row[];
      } finally {
        await client.end();
      }
    },
  };
}
