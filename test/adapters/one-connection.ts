import { Agent, request as httpRequest } from "node:http";
import { text } from "node:stream/consumers";
import type { OneConnection } from "@abstrakt-webhooks/testing";

/** A keep-alive client that has one socket at a time, and counts the sockets it opened. */
export function openOneConnection(): OneConnection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const sockets = new Set<object>();
  return {
    async fetch(request) {
      const body = Buffer.from(await request.arrayBuffer());
      const headers = { ...Object.fromEntries(request.headers), "content-length": body.length };
      return new Promise((resolve, reject) => {
        httpRequest(request.url, { agent, method: request.method, headers }, (incoming) => {
          const init = {
            status: incoming.statusCode ?? 0,
            headers: incoming.headers as HeadersInit,
          };
          text(incoming).then((answer) => resolve(new Response(answer, init)), reject);
        })
          .on("socket", (socket) => sockets.add(socket))
          .on("error", reject)
          .end(body);
      });
    },
    connections: () => sockets.size,
    async close() {
      agent.destroy();
    },
  };
}
