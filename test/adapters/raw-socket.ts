import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A TCP connection that keeps everything it receives. */
export interface RawSocket {
  readonly socket: Socket;
  /** Resolves at the first of these events; unlike `once`, an error does not reject it. */
  either(...events: string[]): Promise<void>;
  /** All text received so far. */
  received(): string;
  /** Resolves when the text has been received. */
  receives(pattern: RegExp): Promise<void>;
  /** Resolves when the other side has closed, also by a reset. */
  closed(): Promise<void>;
}

export async function openRawSocket(url: string): Promise<RawSocket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = "";
  let closed = false;
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => void (received += chunk));
  socket.on("close", () => void (closed = true));
  // A reset closes the connection too.
  socket.on("error", () => undefined);
  await once(socket, "connect");
  const either = (...events: string[]) =>
    new Promise<void>((resolve) => {
      for (const event of events) socket.once(event, () => resolve());
    });
  return {
    socket,
    either,
    received: () => received,
    async receives(pattern) {
      while (!pattern.test(received)) {
        if (closed) throw new Error(`closed before ${pattern} came, after ${received}`);
        await either("data", "close");
      }
    },
    async closed() {
      if (!closed) await either("close");
    },
  };
}

/** The head of a request. */
export function head(url: string, headers: Record<string, string | number>): string {
  const { host, pathname } = new URL(url);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\n${lines.join("")}\r\n`;
}

/** How many HTTP answers a text contains. */
export const countAnswers = (received: string): number =>
  received.match(/HTTP\/1\.1 \d{3}/g)?.length ?? 0;
