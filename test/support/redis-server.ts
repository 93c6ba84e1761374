import { startCluster, type DatabaseCluster } from "./database-cluster.ts";
import { answers, createServerOf, type ServerProgram } from "./own-server.ts";

/** A Redis server for tests; `stop` ends it where it was started for them. */
export interface RedisServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Not database 0, which other programs use. */
const DEFAULT_URL = "redis://127.0.0.1:6379/9";

const REDIS: ServerProgram = {
  name: "redis-server",
  protocol: "redis:",
  defaultPort: 6379,
  question: "PING\r\n",
  answer: /^(?:\+PONG|-NOAUTH)/, // a server that asks for a password is ready too
  parameters: (port, folder) => [
    "--port",
    `${port}`,
    "--bind",
    "127.0.0.1",
    "--dir",
    folder,
    "--save",
    "",
  ],
};

/**
 * The server at `REDIS_URL`, by default the local one. Without it, a new one from the PATH. Without
 * that, `undefined`, which with `CI=true` is an error.
 */
export async function findRedis(): Promise<RedisServer | undefined> {
  const url = process.env["REDIS_URL"] ?? DEFAULT_URL;
  if (await answers(REDIS, url)) return { url, stop: async () => undefined };
  return startRedis();
}

/** A new server with settings such as `--appendonly yes`; without a binary, as `findRedis`. */
export async function startRedis(...settings: string[]): Promise<RedisServer | undefined> {
  const cluster = await createRedis(...settings);
  if (cluster !== undefined) return startCluster(cluster, "SIGKILL");
  if (process.env["CI"] === "true") {
    throw new Error("No Redis: set REDIS_URL, or put redis-server on the PATH.");
  }
  return undefined;
}

/** A Redis that is not started yet; `undefined` without a binary. */
export const createRedis = (...settings: string[]): Promise<DatabaseCluster | undefined> =>
  createServerOf({
    ...REDIS,
    parameters: (port, folder) => [...REDIS.parameters(port, folder), ...settings],
  });
