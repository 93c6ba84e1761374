import type { NodeRequest } from "@abstrakt-webhooks/core/adapter";
import { abstraktWebhook, memoryStore } from "@abstrakt-webhooks/express";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { expect, it } from "vitest";

const broken = new Error("patched");
const fails = (): never => {
  throw broken;
};

it.each([
  ["writeHead", { headersSent: false, writeHead: fails, end: () => undefined }],
  ["end", { headersSent: true, writeHead: () => undefined, end: fails }],
])(
  "the callback runs, and Express gets the error, when a middleware's `%s` throws",
  async (_, response) => {
    const ran: string[] = [];
    const webhook = abstraktWebhook({
      auth: "none",
      store: memoryStore(),
      onSucceeded: (job) => void ran.push(job.job_id),
    });
    const payload = succeededPayload();
    const request: NodeRequest = {
      method: "POST",
      url: "/",
      headers: {},
      body: payload,
      complete: true,
      destroyed: false,
      readableDidRead: true,
      readableEnded: true,
      read: () => null,
      on: () => undefined,
      destroy: () => undefined,
    };
    const told = await new Promise((resolve) => webhook(request, response, resolve));
    expect(told).toBe(broken);
    await webhook.receiver.idle();
    expect(ran).toEqual([payload.job_id]);
  },
);
