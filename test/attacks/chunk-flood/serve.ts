import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { createReceiver, type Receiver } from "@abstrakt-webhooks/core";
import { abstraktWebhook as onNode } from "@abstrakt-webhooks/express";
import { abstraktWebhook as onHono } from "@abstrakt-webhooks/hono";
import { createAdaptorServer } from "@hono/node-server";
import express from "express";
import { Hono } from "hono";

/** A host that makes a web request from Node's request, as a user's own bridge does. */
const bridge = (receiver: Receiver): Server =>
  createServer(async (request, response) => {
    const { method = "GET", url = "/" } = request;
    const body = Readable.toWeb(request) as ReadableStream<Uint8Array>;
    const init = { method, body, duplex: "half" } as RequestInit;
    const answer = await receiver.fetch(new Request(`http://localhost${url}`, init));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(await answer.text());
  });

const servers: Record<string, (receiver: Receiver) => Server> = {
  Express: (receiver) => createServer(express().post("/", onNode(receiver))),
  Hono: (receiver) =>
    createAdaptorServer({ fetch: new Hono().post("/", onHono(receiver)).fetch }) as Server,
  fetch: bridge,
};

/**
 * Serves by the framework that the parent names, and sends it the port and, on request, the memory.
 */
const receiver = createReceiver({
  auth: "none",
  onEvent: () => undefined,
  // The limit is small because each byte costs the host an event; the time allows for a busy
  // machine.
  limits: { maxBodyBytes: 16_384, bodyTimeoutMs: 600_000 },
});
const server = servers[process.argv[2] ?? ""]?.(receiver);
server?.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.on("message", () => process.send?.(process.resourceUsage().maxRSS));
