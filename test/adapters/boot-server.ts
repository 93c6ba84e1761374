import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Receiver } from "@abstrakt-webhooks/core";
import { createSubject, type AdapterSetup } from "@abstrakt-webhooks/testing";
import { createBoundedFetch } from "./bounded-fetch.ts";
import { openOneConnection } from "./one-connection.ts";
import type { SocketTarget } from "./socket-suite.ts";
import { watchUncaught } from "./uncaught-errors.ts";

/**
 * The maximum of requests at once: enough to keep a server busy, and far below the limit of open
 * files.
 */
export const MOST_SOCKETS = 64;

const KEEP_ALIVE_MS = 60_000;

/** Boots each endpoint on its own server of this process, on its own port. */
export function bootServer(
  createServerFor: (receiver: Receiver) => { listen(port: number, host: string): unknown },
): (setup: AdapterSetup) => Promise<SocketTarget> {
  return async (setup) => {
    const { receiver, controls } = createSubject(setup);
    const uncaught = watchUncaught();
    const server = createServerFor(receiver) as Server;
    // Client and server share one busy process: the default of 5 s may end before a request
    // arrives.
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    return {
      ...controls,
      url: `http://127.0.0.1:${port}/api/abstrakt-webhook`,
      fetch: createBoundedFetch(MOST_SOCKETS),
      oneConnection: openOneConnection,
      uncaught: async () => uncaught.seen(),
      async memory() {
        return process.memoryUsage();
      },
      async close() {
        uncaught.close();
        server.closeAllConnections();
        server.close();
      },
    };
  };
}
