import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A proxy that counts round trips, and can break connections. */
export interface TcpProxy {
  /** The server's URL with the proxy's host and port. */
  readonly url: string;
  /**
   * The number of round trips since the last count. Everything that a client sends before an answer
   * is one round trip.
   */
  countTurns(): number;
  /** Forwards the client's bytes, and drops all answers of the server. */
  mute(): void;
  /** Breaks every connection and refuses new ones. */
  cut(): void;
  /** Closes the proxy and its connections. */
  mend(): void;
  /** Directs new connections to the server at this URL. Open ones stay where they are. */
  redirect(url: string): void;
  close(): Promise<void>;
}

export async function startTcpProxy(url: string): Promise<TcpProxy> {
  let target = new URL(url);
  const sockets = new Set<Socket>();
  let turns = 0;
  let way: "open" | "muted" | "cut" = "open";

  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
  };
  const server = createServer({ noDelay: true }, (client) => {
    if (way === "cut") return void client.destroy();
    const upstream = keep(connect(Number(target.port), target.hostname).setNoDelay(true));
    let isClientsTurn = true;
    keep(client).on("data", (data) => {
      if (isClientsTurn) turns += 1;
      isClientsTurn = false;
      upstream.write(data);
    });
    upstream.on("data", (data) => {
      isClientsTurn = true;
      if (way === "open") client.write(data);
    });
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  const cut = (): void => {
    way = "cut";
    for (const socket of sockets) socket.destroy();
  };
  const ownUrl = new URL(url);
  ownUrl.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: ownUrl.href,
    countTurns() {
      const counted = turns;
      turns = 0;
      return counted;
    },
    mute: () => void (way = "muted"),
    cut,
    mend: () => void (way = "open"),
    redirect: (to) => void (target = new URL(to)),
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
