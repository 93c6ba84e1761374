import { once } from "node:events";
import type { DatabaseCluster } from "../../support/database-cluster.ts";
import { createPostgres } from "../../support/postgres-server.ts";
import { startRestBridge } from "../../support/redis-rest.ts";
import { createRedis } from "../../support/redis-server.ts";
import type { Backend } from "./backend.ts";
import { signalTree } from "./process-tree.ts";

/** The installed PostgreSQL; `undefined` where there are no binaries. */
export const startPostgres = async (): Promise<Backend | undefined> =>
  startBackend("postgres", await createPostgres());

/**
 * The installed Redis for a client of that kind, with append-only persistence, which is no default.
 */
export const startRedis = async (
  kind: "redis" | "node-redis" | "upstash" = "redis",
): Promise<Backend | undefined> => startBackend(kind, await createRedis("--appendonly", "yes"));

/** Upstash's REST interface in front of such a Redis. */
export async function startUpstash(): Promise<Backend | undefined> {
  const redis = await startRedis("upstash");
  if (redis?.server === undefined) return undefined;
  const bridge = await startRestBridge(redis.address("").url);
  const { port: ownPort } = new URL(bridge.url);
  return {
    ...redis,
    address: (namespace, port = Number(ownPort)) => ({
      kind: "upstash",
      url: `http://127.0.0.1:${port}`,
      namespace,
    }),
    server: { ...redis.server, port: Number(ownPort) },
    async close() {
      await bridge.close();
      await redis.close();
    },
  };
}

async function startBackend(
  kind: Backend["kind"],
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
