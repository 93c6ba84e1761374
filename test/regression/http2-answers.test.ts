import { once } from "node:events";
import { connect, createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import * as forExpress from "@abstrakt-webhooks/express";
import * as forHono from "@abstrakt-webhooks/hono";
import { createSubject, succeededPayload } from "@abstrakt-webhooks/testing";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { expect, it } from "vitest";

type Listener = (request: never, response: never) => unknown;

const listeners: Record<string, (receiver: forExpress.Receiver) => Listener> = {
  "node:http2": (receiver) => forExpress.abstraktWebhook(receiver),
  "Hono on HTTP/2": (receiver) =>
    getRequestListener(new Hono().post("/", forHono.abstraktWebhook(receiver)).fetch),
  "Hono on HTTP/2 behind a middleware that reads": (receiver) =>
    getRequestListener(
      new Hono()
        .use(async (c, next) => {
          await c.req.text();
          await next();
        })
        .post("/", forHono.abstraktWebhook(receiver)).fetch,
    ),
};

it.each(Object.entries(listeners))(
  "%s answers without a connection header, also during a drain",
  async (_, listenerFor) => {
    const warnings: string[] = [];
    const warn = (warning: Error): void => void warnings.push(warning.name);
    process.on("warning", warn);
    const { receiver, controls } = createSubject({});
    const server = createServer(listenerFor(receiver) as never).listen(0, "127.0.0.1");
    await once(server, "listening");
    const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const post = async () => {
      const stream = session.request({ ":method": "POST", ":path": "/" });
      stream.end(JSON.stringify(succeededPayload()));
      const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
      await text(stream);
      return [headers[":status"], headers["connection"]];
    };
    const before = await post();
    await controls.drain();
    const draining = await post();
    session.close();
    server.close();
    process.off("warning", warn);
    expect([before, draining]).toEqual([
      [200, undefined],
      [503, undefined],
    ]);
    // Node removes the header itself, with a warning.
    expect(warnings).toEqual([]);
  },
);

it("node:http2 ends the stream of a refused request whose body does not end", async () => {
  const { receiver, controls } = createSubject({ limits: { bodyTimeoutMs: 50 } });
  const streams = new Set<object>();
  const server = createServer(forExpress.abstraktWebhook(receiver) as never);
  server.on("stream", (stream) => {
    streams.add(stream);
    stream.on("close", () => streams.delete(stream));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const stream = session.request({ ":method": "POST", ":path": "/", "content-length": "100" });
  stream.on("error", () => undefined);
  stream.write("{");
  const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
  expect(headers[":status"]).toBe(408);
  await expect.poll(() => streams.size, { timeout: 5_000 }).toBe(0);
  session.destroy();
  server.close();
  await controls.drain();
});
