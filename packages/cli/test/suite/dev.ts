import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { serve, startApp } from "../support/app.ts";
import { finish, jsonLines, type Cli, type Running, type Surroundings } from "../support/cli.ts";

type Line = Record<string, unknown> & { event: string };

/** Starts `dev` on a free port; it is stopped at the end of the test. */
async function startDev(cli: Cli, args: readonly string[] = [], around: Surroundings = {}) {
  const running = cli.start(["dev", "--port", "0", "--json", "--delay", "0ms", ...args], around);
  onTestFinished(async () => {
    running.interrupt();
    await running.ended;
  });
  const lines = (): Line[] => jsonLines<Line>(running.stdout().replace(/[^\n]*$/, ""));
  const seen = (event: string, count = 1) =>
    expect
      .poll(() => lines().filter((line) => line.event === event), { timeout: 10_000 })
      .toHaveLength(count);
  await seen("listening");
  const { baseUrl, apiKey } = lines()[0] as unknown as { baseUrl: string; apiKey: string };
  const submit = async (webhook_url?: string, key = apiKey): Promise<string> => {
    const response = await fetch(`${baseUrl}/v1/models/simulated-video/run`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ input: {}, webhook_url }),
    });
    expect(response.status).toBe(202);
    return ((await response.json()) as { job_id: string }).job_id;
  };
  return { running, baseUrl, lines, seen, submit };
}

/** The simulator over HTTP, as an app uses it. */
export function dev(cli: Cli): void {
  describe("dev", () => {
    it("prints lines to copy, and exits with 0 when it is interrupted", async () => {
      const running: Running = cli.start(["dev", "--port=0", "--seed", "7"]);
      await expect.poll(() => running.stdout(), { timeout: 10_000 }).toMatch(/curl .*\n/);
      running.interrupt();
      const { code, stdout, stderr } = await running.ended;
      expect(stdout).toMatch(
        /^API key: {3}sim_key\nBase URL: {2}http:\/\/127\.0\.0\.1:\d+\nTry it: {4}curl http:\/\/127.0.0.1:\d+\/v1\/models\/[a-z-]+\/run -H "authorization: Bearer sim_key" -d '\{.*\}'\nPage: {6}http:\/\/127\.0\.0\.1:\d+\/\n$/,
      );
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    });

    it("delivers to the job's own URL, and reports when the app stops and starts again", async () => {
      const app = await startApp();
      const { submit, seen, lines } = await startDev(cli);
      const first = await submit(`${app.url}?k=c4n4ry`);
      await seen("delivery");
      expect(lines().at(-1)).toEqual({
        event: "delivery",
        atMs: expect.any(Number),
        jobId: first,
        kind: "normal",
        attempt: 1,
        url: `${app.url}?[redacted]`,
        ms: expect.any(Number),
        status: 200,
        body: { received: true },
      });
      await app.close();
      await submit(app.url);
      await seen("unreachable");
      await submit(app.url);
      await seen("delivery", 3);
      expect(lines().filter(({ event }) => event === "unreachable")).toMatchObject([
        { origin: new URL(app.url).origin },
      ]);
      await startApp({}, Number(new URL(app.url).port));
      await seen("reachable");
      await submit(app.url);
      await seen("delivery", 4);
      expect(lines().map(({ event }) => event)).toEqual([
        "listening",
        "delivery",
        "delivery",
        "unreachable",
        "delivery",
        "reachable",
        "delivery",
      ]);
    });

    it("shows on a page what was sent and how the app answered, and the buttons of the page work", async () => {
      const app = await startApp();
      const { baseUrl, submit, seen } = await startDev(cli, [
        "--forward",
        app.url,
        "--duplicates",
        "1",
      ]);
      const headers = { origin: baseUrl };
      const front = async (): Promise<string> => (await fetch(`${baseUrl}/`)).text();
      expect(await front()).toContain("What the simulator has sent");
      const jobId = await submit();
      await seen("delivery", 2);
      const html = await front();
      expect(html).toContain(`href="/jobs/${jobId}"`);
      expect(html).toContain("+1 duplicate");
      expect(html).toMatch(/state done/);
      const replayed = await fetch(`${baseUrl}/jobs/${jobId}/replay`, {
        method: "POST",
        headers,
        body: new URLSearchParams({ id: "same" }),
      });
      expect(replayed.url).toContain("note=replayed");
      expect(await replayed.text()).toMatch(/Replay.*Duplicate/s);
      const turned = { name: "duplicates", value: "0" };
      await fetch(`${baseUrl}/knobs`, {
        method: "POST",
        headers,
        body: new URLSearchParams(turned),
      });
      await fetch(`${baseUrl}/submit`, { method: "POST", headers });
      await seen("delivery", 3);
      const refused = await fetch(`${baseUrl}/submit`, { method: "POST" });
      expect(refused.status).toBe(403);
      await app.close();
      await fetch(`${baseUrl}/submit`, { method: "POST", headers });
      await seen("delivery", 4);
      expect(await front()).toContain("the app could not be reached");
    });

    it("reports at its start that no app listens at --forward", async () => {
      const { close, url } = await serve(() => undefined);
      await close();
      const { seen, lines } = await startDev(cli, ["--forward", url]);
      await seen("unreachable");
      expect(lines().at(-1)).toMatchObject({ origin: new URL(url).origin });
    });

    it("forwards, injects the faults of its options, and records deliveries that trigger can repeat", async () => {
      const folder = mkdtempSync(join(tmpdir(), "cli-"));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const around = { cwd: folder };
      const app = await startApp();
      const wishes = ["--forward", app.url, "--duplicates", "1", "--failures", "1"];
      const { submit, seen, running } = await startDev(
        cli,
        [...wishes, "--record", "r.jsonl"],
        around,
      );
      const jobId = await submit();
      await seen("delivery", 2);
      running.interrupt();
      await running.ended;
      await app.idle();
      expect(app.handled).toMatchObject([{ job_id: jobId, status: "failed" }]);

      const records = jsonLines(readFileSync(join(folder, "r.jsonl"), "utf8"));
      const body = String(app.bodies[0]);
      const record = { atMs: expect.any(Number), jobId, body, status: 200, ms: expect.any(Number) };
      expect(records).toEqual([record, record]);
      const replayed = await finish(cli, ["trigger", app.url, "--file", "r.jsonl"], around);
      expect(replayed.code).toBe(0);
      expect(app.bodies.map(String)).toEqual([body, body, body, body]);
    });

    it("uses the key of the environment and does not print it", async () => {
      const app = await startApp();
      const env = { ABSTRAKT_API_KEY: "c4n4ry" };
      const { submit, seen, running } = await startDev(cli, [], { env });
      await submit(app.url, "c4n4ry");
      await seen("delivery");
      expect(running.stdout() + running.stderr()).not.toContain("c4n4ry");
    });

    it("refuses a request for another host", async () => {
      const { baseUrl } = await startDev(cli);
      const status = await new Promise<number | undefined>((resolve, reject) => {
        const headers = { host: "evil.example", authorization: "Bearer sim_key" };
        request(`${baseUrl}/v1/jobs/job_1`, { headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .once("error", reject)
          .end();
      });
      expect(status).toBe(403);
    });

    it("reports a port that is in use by one line and exit code 1", async () => {
      const { port } = await serve(() => undefined);
      const { code, stdout, stderr } = await finish(cli, ["dev", "--port", `${port}`, "--json"]);
      expect(stderr).toBe(
        `Expected port ${port} to be free, got another program on it. Pass another --port.\n`,
      );
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    });
  });
}
