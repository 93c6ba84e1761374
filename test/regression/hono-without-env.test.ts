import { abstraktWebhook, createReceiver, memoryStore } from "@abstrakt-webhooks/hono";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { Hono } from "hono";
import { expect, it } from "vitest";

it("there is one receiver where the host passes no env", async () => {
  let made = 0;
  const webhook = abstraktWebhook(() => {
    made += 1;
    return createReceiver({ auth: "none", store: memoryStore() });
  });
  const app = new Hono().post("/hook", webhook);
  const deliver = () =>
    app.fetch(
      new Request("http://localhost/hook", {
        method: "POST",
        body: JSON.stringify(succeededPayload()),
      }),
      undefined,
    );
  expect([(await deliver()).status, (await deliver()).status]).toEqual([200, 200]);
  expect(made).toBe(1);
});
