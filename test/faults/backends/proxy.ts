import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A proxy that can be made to fail. */
export interface Proxy {
  readonly port: number;
  /** From now on, everything sent on existing connections is lost without an error. */
  halfOpen(): void;
  /** From now on, the first answer on a connection is lost and the connection breaks. */
  dropReplies(): void;
  /** New connections work again, and so do old ones that have lost nothing. */
  heal(): void;
  /** How many connections have lost data so far. */
  harmed(): number;
  close(): Promise<void>;
}

/** Stands between a client and the server at `port` of this machine. */
export async function startProxy(port: number): Promise<Proxy> {
  let fault: "none" | "half-open" | "drop replies" = "none";
  let harmed = 0;
  const sockets = new Set<Socket>();

  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    let dead = false;
    const swallows = (): boolean => {
      if (dead || fault !== "half-open") return dead;
      harmed += 1;
      return (dead = true);
    };
    const cut = (): void => {
      client.destroy();
      upstream.destroy();
    };
    client.on("data", (chunk) => {
      if (!swallows()) upstream.write(chunk);
    });
    upstream.on("data", (chunk) => {
      if (swallows()) return;
      if (fault === "none") return void client.write(chunk);
      harmed += 1;
      cut();
    });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        // A half-open connection does not learn of the end either.
        if (!dead || socket === client) cut();
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    port: (server.address() as AddressInfo).port,
    halfOpen: () => void (fault = "half-open"),
    dropReplies: () => void (fault = "drop replies"),
    heal: () => void (fault = "none"),
    harmed: () => harmed,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
