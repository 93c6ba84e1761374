import { fileURLToPath } from "node:url";
import { it } from "vitest";
import { expectCleanEnd } from "../../../test/support/expect-clean-end.ts";
import { expectHandledOnce } from "../../../test/support/expect-handled-once.ts";
import { runScript } from "../../../test/support/run-script.ts";

const start = async () => {
  const folder = fileURLToPath(new URL("..", import.meta.url));
  const app = runScript(folder, "start", { env: { PORT: "0" } });
  const [url] = await app.seen(/http:\S+/);
  return { app, url };
};

it("handles each result once and ends by itself after SIGTERM", async () => {
  const { app, url } = await start();
  await expectHandledOnce(app, url);
});

it("cuts off no connection and loses nothing when it ends under load", async () => {
  const { app, url } = await start();
  await expectCleanEnd(app, url);
});
