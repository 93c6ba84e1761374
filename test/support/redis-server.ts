import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { startCluster, type DatabaseCluster } from "./database-cluster.ts";
import { freePort } from "./free-port.ts";

/** A Redis server for tests; `stop` ends it where it was started for them. */
export interface RedisServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Not database 0, which is where other programs keep theirs. */
const DEFAULT_URL = "redis://127.0.0.1:6379/9";

/**
 * The server at `REDIS_URL`, by default the local one; else one of our own, from the PATH; else
 * `undefined`, which with `CI=true` is an error instead.
 */
export async function findRedis(): Promise<RedisServer | undefined> {
  const url = process.env["REDIS_URL"] ?? DEFAULT_URL;
  if (await answers(url)) return { url, stop: async () => undefined };
  return startRedis();
}

/** One of our own, with settings such as `--appendonly yes`; else as `findRedis`. */
export async function startRedis(...settings: string[]): Promise<RedisServer | undefined> {
  const cluster = await createRedis(...settings);
  if (cluster !== undefined) return startCluster(cluster, "SIGKILL");
  if (process.env["CI"] === "true") {
    throw new Error("No Redis: set REDIS_URL, or put redis-server on the PATH.");
  }
  return undefined;
}

/** A Redis that is not started yet; `undefined` where there is no binary. */
export async function createRedis(...settings: string[]): Promise<DatabaseCluster | undefined> {
  const binary = findBinary();
  if (binary === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "abstrakt-redis-"));
  const port = await freePort();
  const own = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder, "--save", ""];
  const url = `redis://127.0.0.1:${port}`;
  let server: ChildProcess | undefined;
  process.once("exit", () => server?.kill("SIGKILL")); // when no test came to stop it
  return {
    url,
    port,
    async start() {
      server = spawn(binary, [...own, ...settings], { stdio: "ignore" });
      while (!(await answers(url))) {
        if (server.exitCode !== null) throw new Error(`redis-server ended with ${server.exitCode}`);
      }
      return server;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Whether somebody speaks Redis there, be it only to ask for a password. */
async function answers(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port || 6379), hostname).setTimeout(2_000);
  try {
    await once(socket, "connect");
    socket.write("PING\r\n");
    const [reply] = await Promise.race([once(socket, "data"), once(socket, "timeout")]);
    return /^(?:\+PONG|-NOAUTH)/.test(String(reply));
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

const findBinary = (): string | undefined =>
  (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "redis-server"))
    .find((path) => existsSync(path));
