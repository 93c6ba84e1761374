import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { startCluster, type DatabaseCluster } from "./database-cluster.ts";
import { freePort } from "./free-port.ts";

const DEFAULT_URL = "nats://127.0.0.1:4222";

/**
 * The server with JetStream at `NATS_URL`, by default the local one; else one of our own, from the
 * PATH; else `undefined`, which with `CI=true` is an error instead.
 */
export async function findNats(): Promise<{ url: string; stop(): Promise<void> } | undefined> {
  const url = process.env["NATS_URL"] ?? DEFAULT_URL;
  if (await answers(url)) return { url, stop: async () => undefined };
  const cluster = await createNats();
  return cluster && startCluster(cluster, "SIGKILL");
}

/** A server of our own that is not started yet; where there is no binary, as `findNats`. */
export async function createNats(): Promise<DatabaseCluster | undefined> {
  const binary = findBinary();
  if (binary === undefined) {
    if (process.env["CI"] !== "true") return undefined;
    throw new Error("No nats-server: put it on the PATH.");
  }
  const folder = mkdtempSync(join(tmpdir(), "abstrakt-nats-"));
  const port = await freePort();
  const url = `nats://127.0.0.1:${port}`;
  let server: ChildProcess | undefined;
  process.once("exit", () => server?.kill("SIGKILL")); // when no test came to stop it
  return {
    url,
    port,
    async start() {
      const parameters = ["--addr", "127.0.0.1", "--port", `${port}`, "-js", "--store_dir", folder];
      server = spawn(binary, parameters, { stdio: "ignore" });
      while (!(await answers(url))) {
        if (server.exitCode !== null) throw new Error(`nats-server ended with ${server.exitCode}`);
      }
      return server;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Whether a server with JetStream greets there. */
async function answers(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port || 4222), hostname).setTimeout(2_000);
  try {
    const [greeting] = await Promise.race([once(socket, "data"), once(socket, "timeout")]);
    return /^INFO .*"jetstream":true/.test(String(greeting));
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

const findBinary = (): string | undefined =>
  (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "nats-server"))
    .find((path) => existsSync(path));
