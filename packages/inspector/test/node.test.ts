import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterEach, expect, it } from "vitest";
import { express4 } from "../../../test/adapters/express-4.ts";
import { open, picture, words } from "./support.ts";

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it.each([
  ["5", () => express()],
  ["4", () => express4()],
])(
  "the page works in Express %s at the path of `use`, with or without a body parser before it",
  async (_, make) => {
    for (const parsed of [false, true]) {
      const { page, deliver, broken, handled, receiver } = open();
      broken.add("job_1");
      await deliver(picture("job_1"));
      broken.clear();
      const app = make();
      if (parsed) app.use(express.urlencoded({ extended: false }));
      app.use("/ops/jobs", page.node);
      const origin = await listen(app);
      const html = await (await fetch(`${origin}/ops/jobs/`)).text();
      expect(html).toContain('href="/ops/jobs/assets/page.css"');
      expect(html).toContain('href="/ops/jobs/jobs/job_1"');
      const answer = await fetch(`${origin}/ops/jobs/jobs/job_1/redrive`, {
        method: "POST",
        headers: { origin },
        body: new URLSearchParams({ a: "b" }),
        redirect: "manual",
      });
      expect(answer.headers.get("location")).toBe("/ops/jobs/jobs/job_1?note=redriven");
      await receiver.idle();
      expect(handled).toEqual(["job_1", "job_1"]);
    }
  },
);

it("an answer that is no stream has its length, so that it is written at once", async () => {
  const { page } = open();
  const origin = await listen(page.node);
  for (const path of ["/", "/assets/page.css", "/nothing/here"]) {
    const answer = await fetch(`${origin}${path}`);
    const length = answer.headers.get("content-length");
    expect(length).toBe(`${(await answer.arrayBuffer()).byteLength}`);
  }
  const head = await fetch(`${origin}/`, { method: "HEAD" });
  expect([head.status, await head.text()]).toEqual([200, ""]);
});

it("events are streamed to a Node client, and the server can close after a drain", async () => {
  const { page, receiver } = open();
  const origin = await listen(page.node);
  const answer = await fetch(`${origin}/stream`);
  const text = answer.text();
  await receiver.drain();
  expect(await text).toContain("retry:");
});

it("a client that disconnects is removed", async () => {
  const { page } = open();
  const origin = await listen(page.node);
  for (let index = 0; index < 120; index++) {
    const abort = new AbortController();
    const answer = await fetch(`${origin}/stream`, { signal: abort.signal });
    expect(answer.status).toBe(200);
    abort.abort();
    // The maximum of 100 streams would be reached if clients that disconnect were kept.
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
});

it("a form that is too large is answered 400", async () => {
  const { page } = open({ replay: true });
  const origin = await listen(page.node);
  const body = "a".repeat(4_100_000);
  const answer = await fetch(`${origin}/jobs/a/replay`, {
    method: "POST",
    headers: { origin },
    body,
  });
  expect(answer.status).toBe(400);
  expect(words(await answer.text())).toContain("cannot be read");
});
