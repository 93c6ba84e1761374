import { abstraktWebhook } from "@abstrakt-webhooks/next";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { expect, it } from "vitest";

/** A request as in Next's edge runtime. */
class EdgeRequest extends Request {
  get request(): never {
    throw new Error("Use the Request of the middleware.");
  }
}

it("a request with a property `request` that throws is accepted", async () => {
  const POST = abstraktWebhook({
    auth: "none",
    onSucceeded: () => undefined,
    onEvent: () => undefined,
  });
  const body = JSON.stringify(succeededPayload());
  const init = { method: "POST", body };
  const response = await POST(new EdgeRequest("https://example.com/hook", init));
  expect(response.status).toBe(200);
  await POST.receiver.drain();
});
