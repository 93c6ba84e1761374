import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { runScript } from "../../../test/support/run-script.ts";
import { GET, POST } from "../app/webhooks/[[...path]]/route.ts";
import { receiver } from "../page.ts";

const result = { job_id: "job_next", status: "succeeded", output: { type: "image", items: [] } };

it.each(["start", "start:hono"])("shows the jobs whose results arrive: %s", async (script) => {
  const folder = fileURLToPath(new URL("..", import.meta.url));
  const app = runScript(folder, script, { env: { PORT: "0" } });
  const [url] = await app.seen(/http:\S+abstrakt-webhook/);
  const page = url.replace("/api/abstrakt-webhook", "/webhooks");
  await fetch(url, { method: "POST", body: JSON.stringify(result) });
  await fetch(url, { method: "POST", body: JSON.stringify(result) });
  expect(await (await fetch(page)).text()).toContain("+1 duplicate");
  expect(await (await fetch(`${page}/jobs/job_next`)).text()).toContain("Timeline");
  expect((await fetch(`${page}/assets/page.css`)).status).toBe(200);
  app.terminate();
  expect(await app.ended).toBe(0);
  expect(app.output().match(/^job_next succeeded/gm)).toHaveLength(1);
});

it("shows the jobs whose results arrive: Next.js", async () => {
  await receiver.ingest(result);
  await receiver.idle();
  const front = await GET(new Request("http://localhost:3000/webhooks"));
  expect(await front.text()).toContain('href="/webhooks/jobs/job_next"');
  const headers = { "sec-fetch-site": "same-origin" };
  const request = new Request("http://localhost:3000/webhooks/jobs/job_next/replay", {
    method: "POST",
    headers,
    body: new URLSearchParams({ id: "same" }),
  });
  expect((await POST(request)).headers.get("location")).toContain("note=replayed");
});
