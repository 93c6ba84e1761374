import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createReceiver, memoryStore, type Auth, type Receiver } from "@abstrakt-webhooks/core";
import * as forExpress from "@abstrakt-webhooks/express";
import * as forHono from "@abstrakt-webhooks/hono";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import express from "express";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";

type Listen = (request: IncomingMessage) => void;

const servers: Record<string, (receiver: Receiver, listen: Listen) => RequestListener> = {
  "node:http": (receiver, listen) => {
    const webhook = forExpress.abstraktWebhook(receiver);
    return (request, response) => {
      listen(request);
      void webhook(request, response);
    };
  },
  Express: (receiver, listen) =>
    express()
      .use((request, _response, next) => {
        listen(request);
        next();
      })
      .post("/", forExpress.abstraktWebhook(receiver)),
  Hono: (receiver, listen) =>
    getRequestListener(
      new Hono<{ Bindings: HttpBindings }>()
        .use(async (c, next) => {
          listen(c.env.incoming);
          await next();
        })
        .post("/", forHono.abstraktWebhook(receiver)).fetch,
    ),
};

const auths: Record<string, NonNullable<Auth["admit"]>> = {
  "at once": () => ({}),
  "in a later turn": () => sleep(20, {}),
  "with a refusal": () => sleep(20, { refused: "unknown_sender" }),
};

const text = JSON.stringify(succeededPayload());

describe.each(Object.entries(servers))(
  "%s behind a middleware that collects `rawBody`",
  (_, serve) => {
    it.each(Object.entries(auths))("gets the body when `auth` answers %s", async (how, admit) => {
      const receiver = createReceiver({
        auth: { admit },
        store: memoryStore(),
        onSucceeded: () => undefined,
        onEvent: () => undefined,
      });
      let heard = { rawBody: "" };
      const server = createServer(
        serve(receiver, (request) => {
          heard = Object.assign(request, { rawBody: "" });
          request.on("data", (chunk: Buffer) => (heard.rawBody += chunk.toString()));
        }),
      ).listen(0, "127.0.0.1");
      await once(server, "listening");
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      try {
        const response = await fetch(url, { method: "POST", body: text });
        await response.text();
        expect(response.status).toBe(how === "with a refusal" ? 401 : 200);
        // The listener gets the body in any case.
        await expect.poll(() => heard.rawBody).toBe(text);
      } finally {
        server.close();
        await receiver.drain();
      }
    });
  },
);
