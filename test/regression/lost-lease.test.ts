import { succeededPayload } from "@abstrakt-webhooks/testing";
import { expect, it } from "vitest";
import { receiverThat, until } from "./support.ts";

it("a job whose lease was lost to a blocked event loop runs again, without start()", async () => {
  let first = true;
  const { receiver, runs } = receiverThat(
    async () => {
      if (!first) return;
      first = false;
      await Promise.resolve();
      for (const endsAt = Date.now() + 200; Date.now() < endsAt;);
      await new Promise((resolve) => setTimeout(resolve, 50));
    },
    { limits: { leaseMs: 60 } },
  );
  const payload = succeededPayload();
  await receiver.ingest(payload);
  await until(async () => (await receiver.list({ state: "done" })).records.length === 1);
  expect(runs()).toBe(2);
});
