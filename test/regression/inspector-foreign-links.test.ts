import { once } from "node:events";
import { createServer, request, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { createReceiver, memoryStore } from "@abstrakt-webhooks/core";
import { inspector, type Inspector, type InspectorOptions } from "@abstrakt-webhooks/inspector";
import express from "express";
import { Hono } from "hono";
import { expect, it } from "vitest";

const ORIGIN = "http://app.test";

const makePage = (options: Partial<InspectorOptions> = {}): Inspector =>
  inspector(createReceiver({ auth: "none", store: memoryStore() }), {
    authorize: () => true,
    ...options,
  });

/** The hosts to which the links, forms and scripts of a page lead. */
const hostsOf = (html: string): string[] => {
  const links = html.matchAll(/ (?:src|href|action|hx-get|data-stream)="([^"]*)"/g);
  const urls = [...links].map(([, link = ""]) => new URL(link.replaceAll("&amp;", "&"), ORIGIN));
  return [...new Set(urls.filter(({ protocol }) => protocol !== "data:").map(({ host }) => host))];
};

/** Sends a request line as it is. `fetch` would change it. */
async function send(listener: RequestListener, path: string) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const { port } = server.address() as AddressInfo;
    const sent = request({ host: "127.0.0.1", port, path, headers: { host: "app.test" } }).end();
    const [answer] = await once(sent, "response");
    let html = "";
    for await (const chunk of answer) html += chunk;
    return { status: answer.statusCode as number, html };
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const PATHS = [
  "//evil.example/",
  "///evil.example",
  "//x//evil.example/",
  "//evil.example/jobs/a",
  "/\\evil.example/",
  "\\\\evil.example/",
  "/.//evil.example/",
  "/a/..//evil.example/",
];

const hono = (): RequestListener => {
  const page = makePage();
  const app = new Hono().all("*", (c) => page.fetch(c.req.raw));
  return (incoming, response) => {
    void Promise.resolve(app.fetch(new Request(ORIGIN + incoming.url))).then(async (answer) =>
      response.writeHead(answer.status).end(await answer.text()),
    );
  };
};

it.each<[string, string, RequestListener]>([
  ["http.createServer", "/", makePage().node],
  ["http.createServer, with `basePath`", "/webhooks", makePage({ basePath: "/webhooks" }).node],
  ["Express at its root", "/", express().use(makePage().node)],
  ["Express at any path", "/", express().use(/.*/, makePage().node)],
  ["Express at a parameter", "/acme", express().use("/:tenant", makePage().node)],
  ["Hono", "/", hono()],
])("no page links to a host that the path names: %s", async (_, front, listener) => {
  const { status, html } = await send(listener, front);
  expect([status, hostsOf(html)]).toEqual([200, ["app.test"]]);
  for (const path of PATHS) {
    const answer = await send(listener, path);
    expect(
      hostsOf(answer.html).filter((host) => host !== "app.test"),
      path,
    ).toEqual([]);
  }
});

it.each(PATHS.filter((path) => path.startsWith("/")))(
  "`fetch` answers 404 for %s",
  async (path) => {
    const { fetch } = makePage();
    expect((await fetch(new Request(`${ORIGIN}/`))).status).toBe(200);
    expect((await fetch(new Request(ORIGIN + path))).status).toBe(404);
  },
);

it("a Node request for `//host` has the host of its header, not of its path", async () => {
  const seen: string[] = [];
  const authorize = ({ url }: Request): boolean => seen.push(url) > 0;
  const { status } = await send(makePage({ authorize }).node, "//evil.example/?q=1");
  expect([status, seen]).toEqual([404, ["http://app.test//evil.example/?q=1"]]);
});

it.each(["//evil.example", "/\\evil.example", "/\t/evil.example"])(
  "`basePath` cannot be %j",
  (basePath) => {
    expect(() => makePage({ basePath })).toThrow(/Expected `basePath` to be a path/);
  },
);
