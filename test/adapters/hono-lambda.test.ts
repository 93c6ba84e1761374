import { abstraktWebhook } from "@abstrakt-webhooks/hono";
import { createSubject, succeededPayload } from "@abstrakt-webhooks/testing";
import { Hono } from "hono";
import { handle, type LambdaEvent } from "hono/aws-lambda";
import { expect, it } from "vitest";

/** The part of an event of API Gateway or a function URL that Hono reads. */
function eventOf(body: string): LambdaEvent {
  return {
    version: "2.0",
    rawPath: "/api/abstrakt-webhook",
    rawQueryString: "",
    headers: { "content-type": "application/json", host: "example.com" },
    requestContext: { domainName: "example.com", http: { method: "POST", path: "/" } },
    body: Buffer.from(body).toString("base64"),
    isBase64Encoded: true,
  } as unknown as LambdaEvent;
}

it('Hono on Lambda with `ack: "handled"` answers when the callback has ended', async () => {
  const { receiver, controls } = createSubject({ ack: "handled" });
  const app = new Hono().post("/api/abstrakt-webhook", abstraktWebhook(receiver));
  const body = JSON.stringify(succeededPayload());
  for (const answer of [{ received: true }, { received: true, duplicate: true }]) {
    const { statusCode, body: sent } = await handle(app)(eventOf(body));
    expect([statusCode, JSON.parse(sent)]).toEqual([200, answer]);
    const { calls } = await controls.report();
    expect(calls.map(({ ended }) => ended)).toEqual([true]);
  }
});
