import { writeFileSync } from "node:fs";
import type { DatabaseCluster } from "./database-cluster.ts";
import { answers, createServerOf, type ServerProgram } from "./own-server.ts";

const DEFAULT_URL = "amqp://guest:guest@127.0.0.1:5672";

const RABBITMQ: ServerProgram = {
  name: "rabbitmq-server",
  // What Debian has on the PATH changes the user and waits for the server in another process.
  folders: ["/usr/lib/rabbitmq/bin"],
  protocol: "amqp:",
  defaultPort: 5672,
  // AMQP 0-9-1's first bytes; its first frame has the product's name.
  question: "AMQP\u0000\u0000\u0009\u0001",
  answer: /RabbitMQ/,
  parameters: () => [],
  env(port, folder) {
    writeFileSync(`${folder}/enabled_plugins`, "[].");
    return {
      HOME: folder, // with a cookie of its own
      // One process: the shell is replaced by the server, which asks nobody for input.
      RABBITMQ_ALLOW_INPUT: "1",
      RABBITMQ_SERVER_START_ARGS: "-noinput",
      RABBITMQ_NODENAME: `abstrakt-test-${port}@localhost`,
      RABBITMQ_NODE_IP_ADDRESS: "127.0.0.1",
      RABBITMQ_NODE_PORT: `${port}`,
      RABBITMQ_DIST_PORT: `${port + 1}`,
      RABBITMQ_BASE: folder,
      RABBITMQ_MNESIA_BASE: `${folder}/mnesia`,
      RABBITMQ_LOG_BASE: `${folder}/log`,
      RABBITMQ_CONF_ENV_FILE: `${folder}/none`,
      RABBITMQ_CONFIG_FILE: `${folder}/none`,
      RABBITMQ_ENABLED_PLUGINS_FILE: `${folder}/enabled_plugins`,
      RABBITMQ_PID_FILE: `${folder}/pid`,
    };
  },
};

/**
 * The URL of the server at `AMQP_URL`, by default the local one. Without it, `undefined`, which
 * with `CI=true` is an error.
 */
export async function findRabbitMq(): Promise<string | undefined> {
  const url = process.env["AMQP_URL"] ?? DEFAULT_URL;
  if (await answers(RABBITMQ, url)) return url;
  if (process.env["CI"] === "true") {
    throw new Error("No RabbitMQ: set AMQP_URL, or start rabbitmq-server.");
  }
  return undefined;
}

/** A server of our own that is not started yet; `undefined` without a binary. */
export const createRabbitMq = (): Promise<DatabaseCluster | undefined> => createServerOf(RABBITMQ);
