import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createReceiver, memoryStore, type Receiver } from "@abstrakt-webhooks/core";
import { inspector, type Inspector } from "@abstrakt-webhooks/inspector";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import express from "express";
import { expect, it } from "vitest";

type Ask = (path: string, method?: string) => Promise<Response>;

/** Asks the page as a proxy does. `from` is the path of the front page in the app. */
type Mount = (page: Inspector, from: string) => Promise<{ ask: Ask; close(): void }>;

const headers = { "sec-fetch-site": "same-origin" };

const throughFetch: Mount = async (page, from) => ({
  ask: (path, method = "GET") =>
    page.fetch(new Request(`http://app.test${from}${path}`, { method, headers })),
  close: () => undefined,
});

const throughExpress: Mount = async (page, from) => {
  const app = express();
  app.use(from, page.node);
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    ask: (path, method = "GET") =>
      fetch(origin + from + path, { method, headers, redirect: "manual" }),
    close: () => void server.close(),
  };
};

async function deadJob(): Promise<Receiver> {
  const receiver = createReceiver({
    auth: "none",
    store: memoryStore(),
    retry: { maxAttempts: 1 },
    onEvent: () => undefined,
    onSucceeded() {
      throw new Error("the archive is down");
    },
  });
  await receiver.ingest(succeededPayload({ job_id: "job_1" }));
  await receiver.idle();
  return receiver;
}

it.each<[string, Mount, basePath: string, from: string]>([
  ["removes a prefix", throughFetch, "/admin/webhooks", "/webhooks"],
  ["removes everything", throughFetch, "/admin/webhooks", ""],
  ["replaces the path", throughFetch, "/admin/webhooks", "/internal/page"],
  ["changes nothing", throughFetch, "/admin/webhooks", "/admin/webhooks"],
  ["removes a prefix before Express", throughExpress, "/admin/webhooks", "/webhooks"],
  ["removes everything before Express", throughExpress, "/admin/webhooks", ""],
  ["changes nothing before Express", throughExpress, "/admin/webhooks", "/admin/webhooks"],
  ["adds a prefix before Express", throughExpress, "/", "/webhooks"],
])("every link begins with `basePath` behind a proxy that %s", async (_, mount, basePath, from) => {
  const base = basePath === "/" ? "" : basePath;
  const page = inspector(await deadJob(), { authorize: () => true, basePath, replay: true });
  const { ask, close } = await mount(page, from);
  try {
    for (const [path, status] of [
      ["", 200],
      ["/", 200],
      ["/jobs/job_1", 200],
      ["/jobs/none", 404],
    ] as const) {
      const answer = await ask(path);
      expect(answer.status, path).toBe(status);
      const html = await answer.text();
      const links = html.matchAll(/ (?:src|href|action|hx-get|data-stream)="(\/[^"]*)"/g);
      const outside = [...links].filter(
        ([, link = ""]) =>
          !new RegExp(`^${base}(/(jobs|assets|stream)\\b.*|/?(\\?.*)?)$`).test(link),
      );
      expect(outside, path).toEqual([]);
      expect(html).toContain(`data-stream="${base}/stream"`);
    }
    expect((await ask("/assets/page.js")).headers.get("content-type")).toMatch(/javascript/);
    expect((await ask("/stream", "HEAD")).status).toBe(200);
    const redriven = await ask("/jobs/job_1/redrive", "POST");
    expect(redriven.headers.get("location")).toBe(`${base}/jobs/job_1?note=redriven`);
  } finally {
    page.close();
    close();
  }
});
