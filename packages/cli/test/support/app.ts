import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import {
  abstraktWebhook,
  createReceiver,
  memoryStore,
  type JobResult,
  type ReceiverOptions,
} from "@abstrakt-webhooks/express";
import { onTestFinished } from "vitest";

/** A server with a webhook; it is stopped at the end of the test. */
export interface App {
  readonly url: string;
  /** The arguments of each call of the callbacks. */
  readonly handled: JobResult[];
  /** The bodies that arrived, byte for byte. */
  readonly bodies: Buffer[];
  /** Resolves when no callback runs. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Serves a handler on a port of this machine. A concurrent test passes its own `atEnd`. */
export async function serve(
  listener: RequestListener,
  port = 0,
  atEnd: (close: () => Promise<void>) => void = onTestFinished,
) {
  const server = createServer(listener).listen(port, "127.0.0.1");
  await once(server, "listening");
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  atEnd(close);
  const { port: taken } = server.address() as AddressInfo;
  return { server, close, port: taken, url: `http://127.0.0.1:${taken}/api/abstrakt-webhook` };
}

/** An app that uses these packages. */
export async function startApp(options: Partial<ReceiverOptions> = {}, port = 0): Promise<App> {
  const handled: JobResult[] = [];
  const bodies: Buffer[] = [];
  const receiver = createReceiver({
    auth: "none",
    store: memoryStore(),
    onEvent: () => undefined,
    onSucceeded: (job) => void handled.push(job),
    onFailed: (job) => void handled.push(job),
    ...options,
  });
  receiver.start();
  const webhook = abstraktWebhook(receiver);
  const served = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      bodies.push(body);
      void webhook(Object.assign(request, { body }), response);
    });
  }, port);
  onTestFinished(async () => void (await receiver.drain()));
  return { url: served.url, handled, bodies, idle: () => receiver.idle(), close: served.close };
}
