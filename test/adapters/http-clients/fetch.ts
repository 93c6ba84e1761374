import { halves, inTurn, type Reply, type HttpClient } from "./http-client.ts";

/** Node's `fetch`, which is undici. */
export const fetchClients: HttpClient[] = [
  {
    name: "fetch, with a length",
    send: (url, bodies) => inTurn(bodies, (body) => post(url, { body })),
  },
  {
    name: "fetch, chunked",
    send: (url, bodies) =>
      inTurn(bodies, (body) => {
        const stream = new ReadableStream({
          start(controller) {
            for (const half of halves(body)) controller.enqueue(half);
            controller.close();
          },
        });
        return post(url, { body: stream, duplex: "half" } as RequestInit);
      }),
  },
];

async function post(url: string, init: RequestInit): Promise<Reply> {
  const response = await fetch(url, { method: "POST", ...init });
  return { status: response.status, body: await response.json() };
}
