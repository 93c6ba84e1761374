import { once } from "node:events";
import type { DatabaseCluster } from "../../support/database-cluster.ts";
import { createPostgres } from "../../support/postgres-server.ts";
import { createRedis } from "../../support/redis-server.ts";
import type { Backend } from "./backend.ts";
import { signalTree } from "./process-tree.ts";

/** PostgreSQL as installed; `undefined` where there are no binaries. */
export const startPostgres = async (): Promise<Backend | undefined> =>
  startBackend("postgres", await createPostgres());

/** Redis with append-only persistence, which it does not have as installed. */
export const startRedis = async (): Promise<Backend | undefined> =>
  startBackend("redis", await createRedis("--appendonly", "yes"));

async function startBackend(
  kind: "postgres" | "redis",
  cluster: DatabaseCluster | undefined,
): Promise<Backend | undefined> {
  if (cluster === undefined) return undefined;
  let server = await cluster.start();
  const signal = (name: NodeJS.Signals): void => signalTree(server.pid as number, name);
  const kill = async (): Promise<void> => {
    const exited = once(server, "exit");
    signal("SIGKILL");
    await exited;
  };
  return {
    kind,
    address: (namespace, port = cluster.port) => ({
      kind,
      url: cluster.url.replace(`:${cluster.port}`, `:${port}`),
      namespace,
    }),
    server: {
      port: cluster.port,
      kill,
      async restart() {
        server = await cluster.start();
      },
      pause: () => signal("SIGSTOP"),
      resume: () => signal("SIGCONT"),
    },
    async close() {
      await kill();
      cluster.remove();
    },
  };
}
