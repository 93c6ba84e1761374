import { fileURLToPath } from "node:url";
import { it } from "vitest";
import { expectHandledOnce } from "../../../test/support/handles-once.ts";
import { runScript } from "../../../test/support/run-script.ts";

it("handles each result once and ends by itself after SIGTERM", async () => {
  const app = runScript(fileURLToPath(new URL("..", import.meta.url)), "start", {
    env: { PORT: "0" },
  });
  const [url] = await app.seen(/http:\S+/);
  await expectHandledOnce(app, url);
});
