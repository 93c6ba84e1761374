import { createServer } from "node:http";
import * as forExpress from "@abstrakt-webhooks/express";
import * as forHono from "@abstrakt-webhooks/hono";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { createAdaptorServer } from "@hono/node-server";
import express from "express";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { bootServer } from "./boot-server.ts";
import { fetchClients } from "./http-clients/fetch.ts";
import { nodeHttpClients } from "./http-clients/node-http.ts";
import { programClients } from "./http-clients/programs.ts";
import { rawClients } from "./http-clients/raw.ts";

const path = "/api/abstrakt-webhook";
const endpoints = {
  "bare node:http": bootServer((receiver) => createServer(forExpress.abstraktWebhook(receiver))),
  "Express 5": bootServer((receiver) =>
    createServer(express().post(path, forExpress.abstraktWebhook(receiver))),
  ),
  "Hono on Node": bootServer((receiver) => {
    const app = new Hono().post(path, forHono.abstraktWebhook(receiver));
    return createAdaptorServer({ fetch: app.fetch });
  }),
};
const clients = [...nodeHttpClients, ...fetchClients, ...programClients, ...rawClients];

describe.each(Object.entries(endpoints))("%s accepts requests from", (_, boot) => {
  for (const { name, missing, send } of clients) {
    if (missing !== undefined) {
      it.skip(`${name} (no ${missing} on this machine)`);
      continue;
    }
    it(name, async () => {
      const target = await boot({ limits: { bodyTimeoutMs: 25_000 } });
      try {
        // 16 KiB of multi-byte characters, so that packets end within a character.
        const first = succeededPayload({ note: "é€😀".repeat(2_000) });
        const second = succeededPayload({ note: "ü" });
        const bodies = [first, first, second].map((payload) => JSON.stringify(payload));

        expect(await send(target.url, bodies)).toEqual([
          { status: 200, body: { received: true } },
          { status: 200, body: { received: true, duplicate: true } },
          { status: 200, body: { received: true } },
        ]);

        await expect.poll(async () => (await target.report()).calls.length).toBe(2);
        const { records } = await target.report();
        const kept = records.map(({ payload }) => JSON.parse(payload ?? "") as object);
        expect(kept).toHaveLength(2);
        expect(kept).toEqual(expect.arrayContaining([first, second]));
        expect(await target.uncaught?.()).toEqual([]);
      } finally {
        await target.drain();
        await target.close?.();
      }
    });
  }
});
