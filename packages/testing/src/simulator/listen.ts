import { expected, requireInteger } from "@abstrakt-webhooks/core/adapter";
import { importPeer } from "./import-peer.ts";

/** A server that accepts connections. */
export interface Listening {
  readonly url: string;
  /** Ends all connections and resolves when the port is free. */
  close(): Promise<void>;
}

/** The part of a Node server used here. */
interface NodeServer {
  once(event: "error", listener: (error: Error) => void): unknown;
  close(closed: () => void): unknown;
  closeAllConnections?(): void;
}

/** An application that answers requests. */
export interface App {
  fetch(request: Request): Response | Promise<Response>;
}

const MAX_PORT = 65_535;

/**
 * Serves on the loopback interface. Port 0 means a free one. Needs `@hono/node-server`.
 *
 * A request whose `Host` header names another host is answered 403. Without this check, a website
 * whose name resolves to this machine could read the answers and trigger actions.
 *
 * Rejects with the server's error, such as `EADDRINUSE`.
 *
 * @throws AbstraktWebhookError `unsupported` when `@hono/node-server` is not installed, and
 * `invalid_options` when the port is not a whole number from 0 to 65 535.
 */
export async function serveOnLoopback(app: App, port: number): Promise<Listening> {
  requireInteger("port", port, 0);
  if (port > MAX_PORT) throw expected("port", `at most ${MAX_PORT}`, port);
  const hostname = "127.0.0.1";
  const { serve } = await importPeer("@hono/node-server", () => import("@hono/node-server"));
  const answer = (request: Request): Response | Promise<Response> =>
    isLoopback(request.headers.get("host")) ? app.fetch(request) : forbidden();
  return new Promise((resolve, reject) => {
    // This option keeps the host's own global Request and Response.
    const options = { fetch: answer, hostname, port, overrideGlobalObjects: false };
    const server: NodeServer = serve(options, (address) =>
      resolve({
        url: `http://${hostname}:${address.port}`,
        close: () =>
          new Promise((closed) => {
            server.close(closed);
            server.closeAllConnections?.();
          }),
      }),
    );
    server.once("error", reject);
  });
}

const isLoopback = (host: string | null): boolean =>
  /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)(:\d+)?$/i.test(host ?? "");

function forbidden(): Response {
  const message = "Expected the `Host` header to name this machine, such as 127.0.0.1.";
  return Response.json({ error: { code: "FORBIDDEN_HOST", message } }, { status: 403 });
}
