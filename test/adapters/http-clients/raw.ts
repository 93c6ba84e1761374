import { countAnswers, head, openRawSocket, type RawSocket } from "../raw-socket.ts";
import { halves, type Reply, type HttpClient } from "./http-client.ts";

/** Requests written byte by byte. Some proxies send them like this, and no client does. */
export const rawClients: HttpClient[] = [
  {
    name: "a socket, pipelined",
    send: (url, bodies) =>
      converse(url, bodies.length, ({ socket }) =>
        socket.write(bodies.map((body) => withLength(url, body)).join("")),
      ),
  },
  {
    name: "a socket, pipelined and chunked",
    send: (url, bodies) =>
      converse(url, bodies.length, ({ socket }) =>
        socket.write(Buffer.concat(bodies.map((body) => inChunks(url, body)))),
      ),
  },
  {
    name: "a socket, byte by byte",
    send: (url, bodies) =>
      converse(url, bodies.length, async ({ socket }) => {
        socket.setNoDelay(true);
        for (const byte of Buffer.concat(bodies.map((body) => inChunks(url, body)))) {
          socket.write(Uint8Array.of(byte));
          await new Promise((turn) => setImmediate(turn));
        }
      }),
  },
  {
    name: "a socket that waits for 100 Continue, each time",
    send: (url, bodies) =>
      converse(url, bodies.length, async (raw) => {
        for (const [index, body] of bodies.entries()) {
          const expecting = { expect: "100-continue", "content-length": Buffer.byteLength(body) };
          raw.socket.write(head(url, expecting));
          await raw.receives(new RegExp(`(100 Continue[^]*){${index + 1}}`));
          raw.socket.write(body);
          await raw.receives(new RegExp(`("received":true[^]*){${index + 1}}`));
        }
      }),
  },
];

const withLength = (url: string, body: string): string =>
  head(url, { "content-length": Buffer.byteLength(body) }) + body;

function inChunks(url: string, body: string): Buffer {
  const chunks = halves(body).flatMap((half) => [
    Buffer.from(`${half.length.toString(16)}\r\n`),
    half,
    Buffer.from("\r\n"),
  ]);
  const start = Buffer.from(head(url, { "transfer-encoding": "chunked" }));
  return Buffer.concat([start, ...chunks, Buffer.from("0\r\n\r\n")]);
}

/** Writes to one connection and waits for the given number of answers. */
async function converse(
  url: string,
  answers: number,
  say: (raw: RawSocket) => unknown,
): Promise<Reply[]> {
  const raw = await openRawSocket(url);
  try {
    await say(raw);
    const final = () => raw.received().replaceAll("HTTP/1.1 100 Continue\r\n\r\n", "");
    await raw.receives(new RegExp(`("received":[^]*){${answers}}`));
    const replies = [
      ...final().matchAll(/HTTP\/1\.1 (\d{3})[^]*?\r\n\r\n(?:[\da-f]+\r\n)?(\{.*?\})(?=\r|H|$)/g),
    ];
    if (countAnswers(final()) !== replies.length) throw new Error(`cannot read ${final()}`);
    return replies.map(([, status, body]) => ({
      status: Number(status),
      body: JSON.parse(body ?? ""),
    }));
  } finally {
    raw.socket.destroy();
  }
}
