import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createReceiver, memoryStore } from "@abstrakt-webhooks/core";
import { inspector } from "@abstrakt-webhooks/inspector";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import express, { type RequestHandler } from "express";
import { expect, it } from "vitest";

/** Posts a body to the replay of `job_1`, with a parser before the page. */
async function replay(parser: RequestHandler, body: string, type: string) {
  const receiver = createReceiver({
    auth: "none",
    store: memoryStore(),
    onEvent: () => undefined,
    onSucceeded: () => undefined,
  });
  await receiver.ingest(succeededPayload({ job_id: "job_1" }));
  await receiver.idle();
  const page = inspector(receiver, { authorize: () => true, replay: true });
  const server = createServer(express().use(parser).use("/webhooks", page.node));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const answer = await fetch(`${origin}/webhooks/jobs/job_1/replay`, {
      method: "POST",
      headers: { origin, "content-type": type },
      body,
      redirect: "manual",
    });
    return { status: answer.status, to: answer.headers.get("location"), text: await answer.text() };
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const FORM = "application/x-www-form-urlencoded";
const form = new URLSearchParams({ id: "new", note: "é" }).toString();
const every = () => true;

it.each<[string, RequestHandler]>([
  ["raw", express.raw({ type: every })],
  ["text", express.text({ type: every })],
  ["urlencoded", express.urlencoded({ extended: true })],
  ["json", express.json()],
])("the page reads a form after express.%s", async (_, parser) => {
  const { status, to } = await replay(parser, form, FORM);
  expect(status).toBe(303);
  expect(to).toMatch(/^\/webhooks\/jobs\/job_1_replay_\w+\?note=replayed-new$/);
});

it("an empty form after express.raw replays with the same id", async () => {
  const { status, to } = await replay(express.raw({ type: every }), "", FORM);
  expect([status, to]).toEqual([303, "/webhooks/jobs/job_1?note=replayed"]);
});

it.each(["[1]", '{"id":{"toString":1}}'])(
  "a parsed body that is no form is 400: %s",
  async (body) => {
    const { status, text } = await replay(express.json(), body, "application/json");
    expect([status, text]).toEqual([400, "The request cannot be read.\n"]);
  },
);
