import { createServer } from "node:http";
import { toNodeHandler } from "h3/node";
import { toNodeListener } from "h3-1";
import { it } from "vitest";
import { expectEveryAnswer, recordingReceiver } from "../../../test/support/expect-every-answer.ts";
import { expectExampleRuns } from "../../../test/support/expect-example-runs.ts";
import { listen } from "../../../test/support/listen.ts";
import { createApp } from "../app.ts";
import { createH3App } from "../h3-1.ts";

it("gives every answer in h3 2", async () => {
  const recording = recordingReceiver();
  const server = createServer(toNodeHandler(createApp(recording.receiver)));
  await expectEveryAnswer(await listen(server), recording, 404);
});

it("gives every answer in h3 1", async () => {
  const recording = recordingReceiver();
  const server = createServer(toNodeListener(createH3App(recording.receiver)));
  await expectEveryAnswer(await listen(server), recording, 404);
});

it("runs", () => expectExampleRuns(import.meta.url));
