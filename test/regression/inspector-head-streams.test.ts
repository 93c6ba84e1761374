import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createReceiver, memoryStore } from "@abstrakt-webhooks/core";
import { inspector, type Inspector } from "@abstrakt-webhooks/inspector";
import { Hono } from "hono";
import { expect, it } from "vitest";

/** The maximum of open streams. */
const MAX_STREAMS = 100;
const URL_OF_STREAM = "http://app.test/webhooks/stream";

type Ask = (method: string) => Promise<Response>;

const makePage = (): Inspector =>
  inspector(createReceiver({ auth: "none", store: memoryStore() }), { authorize: () => true });

function throughFetch(): Ask {
  const page = makePage();
  return (method) => page.fetch(new Request(URL_OF_STREAM, { method }));
}

function throughHono(): Ask {
  const page = makePage();
  const app = new Hono().all("/webhooks/*", (c) => page.fetch(c.req.raw));
  return async (method) => app.fetch(new Request(URL_OF_STREAM, { method }));
}

it.each([
  ["fetch", throughFetch],
  ["Hono", throughHono],
])("HEAD opens no stream: %s", async (_, make) => {
  const ask = make();
  for (let index = 0; index <= MAX_STREAMS; index++) {
    const { status, headers, body } = await ask("HEAD");
    expect([status, body === null]).toEqual([200, true]);
    expect(headers.get("content-type")).toMatch(/^text\/event-stream/);
  }
  const stream = await ask("GET");
  expect(stream.status).toBe(200);
  await stream.body?.cancel();
});

it("HEAD opens no stream, and is answered at once: http.createServer", async () => {
  const server = createServer(makePage().node).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/stream`;
  const { status, headers } = await fetch(url, { method: "HEAD" });
  expect([status, headers.get("content-type")]).toEqual([200, "text/event-stream; charset=utf-8"]);
  // The server closes only when no connection has an open answer.
  server.close();
  server.closeIdleConnections();
  await once(server, "close");
});
