import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A proxy that can be closed and opened again. */
export interface SwitchableProxy {
  readonly port: number;
  /** `"through"` forwards, `"silent"` accepts and never answers, `"closed"` refuses. */
  turn(to: "through" | "silent" | "closed"): Promise<void>;
}

/** Listens on its own port in front of `target`; it is closed at first. */
export async function switchableProxy(target: {
  host: string;
  port: number;
}): Promise<SwitchableProxy> {
  const sockets = new Set<Socket>();
  let silent = false;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((socket) => {
    keep(socket);
    if (silent) return;
    const onward = keep(connect(target));
    socket.pipe(onward).pipe(socket);
    socket.once("close", () => onward.destroy());
    onward.once("close", () => socket.destroy());
  });
  const listen = async (port: number) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  const close = async () => {
    if (!server.listening) return;
    server.close();
    for (const socket of sockets) socket.destroy();
    await once(server, "close");
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  await close();
  return {
    port,
    async turn(to) {
      silent = to === "silent";
      await close();
      if (to !== "closed") await listen(port);
    },
  };
}
