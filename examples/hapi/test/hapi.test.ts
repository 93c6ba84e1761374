import { server as createServer } from "@hapi/hapi";
import { it, onTestFinished } from "vitest";
import { expectEveryAnswer, recordingReceiver } from "../../../test/support/expect-every-answer.ts";
import { expectExampleRuns } from "../../../test/support/expect-example-runs.ts";
import { createApp } from "../app.ts";
import { mountBehindParser } from "../behind-parser.ts";

it.each(["stream", "data"] as const)("gives every answer with output %s", async (output) => {
  const recording = recordingReceiver();
  const options = { port: 0, host: "127.0.0.1" };
  const server =
    output === "stream" ? createApp(recording.receiver, options) : createServer(options);
  if (output === "data") mountBehindParser(server, recording.receiver);
  onTestFinished(() => server.stop());
  await server.start();
  await expectEveryAnswer(server.info.uri, recording, 404);
});

it("runs", () => expectExampleRuns(import.meta.url));
