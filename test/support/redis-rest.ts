import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Redis } from "ioredis";

/** Upstash's REST interface in front of a Redis server: the part that its client needs here. */
export interface RestBridge {
  readonly url: string;
  readonly token: string;
  close(): Promise<void>;
}

export const BRIDGE_TOKEN = "bridge-token";

/**
 * One command is `POST /` with a JSON array; several are `POST /pipeline` with an array of those.
 */
export async function startRestBridge(redisUrl: string): Promise<RestBridge> {
  const redis = new Redis(redisUrl);
  redis.on("error", () => undefined); // some tests kill the server
  const server = createServer((request, response) => void answer(redis, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: BRIDGE_TOKEN,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      redis.disconnect();
    },
  };
}

async function answer(redis: Redis, request: IncomingMessage, response: ServerResponse) {
  const send = (status: number, body: unknown): void => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  if (request.headers.authorization !== `Bearer ${BRIDGE_TOKEN}`) {
    return send(401, { error: "WRONGPASS invalid or missing auth token" });
  }
  const encode =
    request.headers["upstash-encoding"] === "base64" ? toBase64 : (reply: unknown) => reply;
  const body = JSON.parse(await text(request)) as unknown;
  const run = async ([command = "", ...args]: string[]) => {
    try {
      return { result: encode(await redis.call(command, ...args)) };
    } catch (error) {
      return { error: (error as Error).message };
    }
  };
  if (request.url === "/pipeline")
    return send(200, await Promise.all((body as string[][]).map(run)));
  const outcome = await run(body as string[]);
  send("error" in outcome ? 400 : 200, outcome);
}

/** Encodes text at any depth, except `OK`. */
function toBase64(reply: unknown): unknown {
  if (Array.isArray(reply)) return reply.map(toBase64);
  if (typeof reply !== "string" || reply === "OK") return reply;
  return Buffer.from(reply).toString("base64");
}
