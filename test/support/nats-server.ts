import { startCluster, type DatabaseCluster } from "./database-cluster.ts";
import { answers, createServerOf, type ServerProgram } from "./own-server.ts";

const DEFAULT_URL = "nats://127.0.0.1:4222";

const NATS: ServerProgram = {
  name: "nats-server",
  protocol: "nats:",
  defaultPort: 4222,
  answer: /^INFO .*"jetstream":true/,
  parameters: (port, folder) => [
    "--addr",
    "127.0.0.1",
    "--port",
    `${port}`,
    "-js",
    "--store_dir",
    folder,
  ],
};

/**
 * The server with JetStream at `NATS_URL`, by default the local one. Without it, a new one from the
 * PATH. Without that, `undefined`, which with `CI=true` is an error.
 */
export async function findNats(): Promise<{ url: string; stop(): Promise<void> } | undefined> {
  const url = process.env["NATS_URL"] ?? DEFAULT_URL;
  if (await answers(NATS, url)) return { url, stop: async () => undefined };
  const cluster = await createNats();
  return cluster && startCluster(cluster, "SIGKILL");
}

/** A new server that is not started yet; without a binary, as `findNats`. */
export async function createNats(): Promise<DatabaseCluster | undefined> {
  const cluster = await createServerOf(NATS);
  if (cluster === undefined && process.env["CI"] === "true") {
    throw new Error("No nats-server: put it on the PATH.");
  }
  return cluster;
}
