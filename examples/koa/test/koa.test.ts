import { createServer } from "node:http";
import { it } from "vitest";
import { expectEveryAnswer, recordingReceiver } from "../../../test/support/expect-every-answer.ts";
import { expectExampleRuns } from "../../../test/support/expect-example-runs.ts";
import { listen } from "../../../test/support/listen.ts";
import { createApp } from "../app.ts";
import { createAppBehindParser } from "../behind-parser.ts";

it.each([
  ["before a parser", createApp],
  ["behind a parser", createAppBehindParser],
])("gives every answer %s", async (_, create) => {
  const recording = recordingReceiver();
  const app = create(recording.receiver);
  app.silent = true; // the parser throws if a body is not JSON
  await expectEveryAnswer(await listen(createServer(app.callback())), recording, 404);
});

it("runs", () => expectExampleRuns(import.meta.url));
