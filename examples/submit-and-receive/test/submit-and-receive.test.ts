import { fileURLToPath } from "node:url";
import { deliver, succeededPayload } from "@abstrakt-webhooks/testing";
import { expect, it } from "vitest";
import { freePort } from "../../../test/support/free-port.ts";
import { runScript } from "../../../test/support/run-script.ts";

const folder = fileURLToPath(new URL("..", import.meta.url));

/** The simulator delivers the first result and drops the webhook of the second. */
const SEED = "9";

const start = async (more: Record<string, string> = {}) => {
  const port = await freePort();
  const app = runScript(folder, "start", {
    env: { PORT: `${port}`, SIMULATOR_SEED: SEED, ...more },
  });
  await app.seen(/Open http/);
  return { app, origin: `http://localhost:${port}` };
};

const submit = (origin: string, fields: Record<string, string>) =>
  fetch(`${origin}/jobs`, { method: "POST", body: new URLSearchParams(fields) });

it("submits a prompt and shows its result, by webhook or by poll", async () => {
  const { app, origin } = await start();
  const form = await (await fetch(origin)).text();
  expect(form).toContain('action="/jobs"');

  const models = {
    "nano-banana-pro-edit": /<img alt="" src="([^"]+)">/,
    "simulated-video": /<video controls src="([^"]+)">/,
  };
  for (const [model, element] of Object.entries(models)) {
    // `fetch` follows the redirect to the job's page, which waits for the result.
    const prompt = `a <b>${model}</b>`.padEnd(59) + "\u{1F3D6}";
    const shown = await submit(origin, { model, prompt, image_url: "" });
    expect(shown.status).toBe(200);
    const html = await shown.text();
    expect(html).toContain(`${shown.url.split("/").at(-1)} succeeded.`);
    const file = await fetch(element.exec(html)?.[1] ?? "");
    expect(file.status).toBe(200);
    expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(100);
  }
  expect(app.output()).toMatch(/succeeded, known by webhook, for "a <b>nano/);
  expect(app.output()).toMatch(/succeeded, known by poll, for "a <b>simulated-video/);

  app.terminate();
  expect(await app.ended).toBe(0);
});

it("shows an error of the API, and refuses a forged result", async () => {
  const { origin } = await start();
  const refused = await submit(origin, { model: "<no such>", prompt: "a beach" });
  expect(refused.status).toBe(502);
  expect(await refused.text()).toMatch(/got 404 \(MODEL_NOT_FOUND: There is no such model\.\)/);

  const [forged] = await deliver(`${origin}/api/abstrakt-webhook`, succeededPayload());
  expect(forged?.status).toBe(401);
});

it("only polls if it has a key and no public URL", async () => {
  const { app } = await start({ ABSTRAKT_API_KEY: "c4n4ry-key" });
  expect(app.output()).toMatch(/\(Abstrakt, polling alone, as PUBLIC_URL is not set\)/);
  expect(app.output()).not.toContain("c4n4ry");
});
