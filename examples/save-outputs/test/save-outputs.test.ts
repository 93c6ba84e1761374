import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deliver, succeededPayload } from "@abstrakt-webhooks/testing";
import { expect, it, onTestFinished } from "vitest";
import { listen } from "../../../test/support/listen.ts";
import { runScript } from "../../../test/support/run-script.ts";

it("saves the files of each result, and shows them", async () => {
  const cdn = await listen(
    createServer((_, res) => res.setHeader("content-type", "image/png").end("a picture")),
  );
  const folder = await mkdtemp(join(tmpdir(), "abstrakt-webhooks-gallery-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const app = runScript(fileURLToPath(new URL("..", import.meta.url)), "start", {
    env: { PORT: "0", OUTPUTS_FOLDER: folder, OUTPUT_HOSTS: new URL(cdn).host },
  });
  const [url = ""] = await app.seen(/http:\S+/);
  const page = async (path: string): Promise<Response> => fetch(new URL(path, url));
  expect(await (await page("/")).text()).toContain("No file yet");

  const items = [{ type: "image", url: `${cdn}/a?sig=secret` }, { type: "image" }];
  const jobs = ["job_1", "job/<2>"].map((job_id) =>
    succeededPayload({ job_id, output: { type: "image", items } }),
  );
  for (const job of jobs) {
    await deliver(url, job);
    await app.seen(new RegExp(`${job.job_id} succeeded: saved`));
  }
  const html = await (await page("/")).text();
  expect(html.match(/<figure>/g)).toHaveLength(2);
  for (const [, src = ""] of html.matchAll(/src="([^"]+)"/g)) {
    const file = await page(src);
    expect(await file.text()).toBe("a picture");
    expect(file.headers.get("content-type")).toBe("image/png");
    expect(file.headers.get("content-security-policy")).toBe("sandbox");
  }
  app.terminate();
  expect(await app.ended).toBe(0);
});
