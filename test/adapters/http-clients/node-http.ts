import { once } from "node:events";
import {
  Agent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import { json } from "node:stream/consumers";
import { expect } from "vitest";
import { halves, inTurn, type Reply, type HttpClient } from "./http-client.ts";

/** Node's own client. */
export const nodeHttpClients: HttpClient[] = [
  {
    name: "node:http, with a length",
    send: (url, bodies) =>
      inTurn(bodies, (body) =>
        post(url, { headers: { "content-length": Buffer.byteLength(body) } }, [body]),
      ),
  },
  {
    name: "node:http, chunked",
    send: (url, bodies) => inTurn(bodies, (body) => post(url, {}, halves(body))),
  },
  {
    name: "node:http, over one connection",
    async send(url, bodies) {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const sockets = new Set<unknown>();
      const replies = await inTurn(bodies, (body) => post(url, { agent }, halves(body), sockets));
      agent.destroy();
      expect(sockets.size).toBe(1);
      return replies;
    },
  },
  {
    name: "node:http, all at once",
    send: (url, [first = "", ...others]) =>
      // The repeat must be sent after the first.
      post(url, {}, [first]).then(async (reply) => [
        reply,
        ...(await Promise.all(others.map((body) => post(url, {}, [body])))),
      ]),
  },
  {
    name: "node:http, that waits for 100 Continue",
    send: (url, bodies) =>
      inTurn(bodies, (body) => post(url, { headers: { expect: "100-continue" } }, [body])),
  },
];

async function post(
  url: string,
  options: RequestOptions,
  parts: readonly (string | Buffer)[],
  sockets?: Set<unknown>,
): Promise<Reply> {
  const request = httpRequest(url, { method: "POST", ...options });
  request.on("socket", (socket) => sockets?.add(socket));
  const response = once(request, "response") as Promise<[IncomingMessage]>;
  if (request.getHeader("expect") !== undefined) {
    request.flushHeaders();
    await once(request, "continue");
  }
  for (const part of parts) {
    request.write(part);
    // This makes each part a separate packet.
    await new Promise((turn) => setImmediate(turn));
  }
  request.end();
  const [incoming] = await response;
  return { status: incoming.statusCode ?? 0, body: await json(incoming) };
}
