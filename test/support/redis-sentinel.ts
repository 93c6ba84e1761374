import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startCluster } from "./database-cluster.ts";
import { createServerOf } from "./own-server.ts";
import type { RedisServer } from "./redis-server.ts";

/** The name under which the Sentinel knows the server. */
export const WATCHED = "main";

/** Starts a Sentinel that watches a server. Without a binary, `undefined`. */
export async function startSentinel(url: string): Promise<RedisServer | undefined> {
  const { hostname, port: watched } = new URL(url);
  const cluster = await createServerOf({
    name: "redis-server",
    protocol: "redis:",
    defaultPort: 26_379,
    question: "PING\r\n",
    answer: /^\+PONG/,
    parameters(port, folder) {
      const file = join(folder, "sentinel.conf"); // the Sentinel writes to this file, too
      const lines = [
        `port ${port}`,
        "bind 127.0.0.1",
        `dir ${folder}`,
        `sentinel monitor ${WATCHED} ${hostname} ${watched} 1`,
      ];
      writeFileSync(file, lines.join("\n"));
      return [file, "--sentinel"];
    },
  });
  return cluster && startCluster(cluster, "SIGKILL");
}
