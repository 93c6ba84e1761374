/** A server that accepts connections. */
export interface Listening {
  readonly url: string;
  close(): Promise<void>;
}

/** The part of a Node server used here. */
interface NodeServer {
  once(event: "error", listener: (error: Error) => void): unknown;
  close(closed: () => void): unknown;
}

/** Serves on the loopback interface. Port 0 means a free one. Needs `@hono/node-server`. */
export async function listen(
  app: { fetch(request: Request): Response | Promise<Response> },
  port: number,
): Promise<Listening> {
  const hostname = "127.0.0.1";
  const { serve } = await import("@hono/node-server");
  return new Promise((resolve, reject) => {
    // Keeps the host's own global Request and Response.
    const options = { fetch: app.fetch, hostname, port, overrideGlobalObjects: false };
    const server: NodeServer = serve(options, (address) =>
      resolve({
        url: `http://${hostname}:${address.port}`,
        close: () => new Promise((closed) => server.close(closed)),
      }),
    );
    server.once("error", reject);
  });
}
