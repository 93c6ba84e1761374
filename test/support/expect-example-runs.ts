import { fileURLToPath } from "node:url";
import { expectHandledOnce } from "./expect-handled-once.ts";
import { runScript } from "./run-script.ts";

/** Starts the example in the folder of `test` by its `start` script, delivers to it and ends it. */
export async function expectExampleRuns(test: string): Promise<void> {
  const folder = fileURLToPath(new URL("..", test));
  const app = runScript(folder, "start", { env: { PORT: "0" } });
  const [url] = await app.seen(/http:\S+/);
  await expectHandledOnce(app, url);
}
