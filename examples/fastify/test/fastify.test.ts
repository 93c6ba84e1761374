import { expect, it, onTestFinished } from "vitest";
import { expectEveryAnswer, recordingReceiver } from "../../../test/support/expect-every-answer.ts";
import { expectExampleRuns } from "../../../test/support/expect-example-runs.ts";
import { createApp } from "../app.ts";

async function start() {
  const recording = recordingReceiver();
  const app = createApp(recording.receiver);
  app.post("/echo", async ({ body }) => body);
  onTestFinished(() => app.close());
  return { recording, origin: await app.listen({ port: 0, host: "127.0.0.1" }) };
}

it("gives every answer", async () => {
  const { origin, recording } = await start();
  await expectEveryAnswer(origin, recording, 404);
});

it("leaves the other routes their parsers", async () => {
  const { origin } = await start();
  const headers = { "content-type": "application/json" };
  const echo = await fetch(`${origin}/echo`, { method: "POST", headers, body: '{"a":1}' });
  expect(await echo.json()).toEqual({ a: 1 });
});

it("runs", () => expectExampleRuns(import.meta.url));
