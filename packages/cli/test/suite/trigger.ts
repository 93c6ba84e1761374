import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { signedUrl } from "@abstrakt-webhooks/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { serve, startApp } from "../support/app.ts";
import { finish, jsonLines, type Cli } from "../support/cli.ts";

const SECRET = "a secret of at least 32 characters";

/** Requests to a real server. */
export function trigger(cli: Cli): void {
  describe("trigger", () => {
    const folder = (): string => {
      const path = mkdtempSync(join(tmpdir(), "cli-"));
      onTestFinished(() => rmSync(path, { recursive: true }));
      return path;
    };

    it("sends a result and prints the answer", async () => {
      const app = await startApp();
      const args = ["trigger", app.url, "--job-id", "job_1", "--type", "video"];
      const { code, stdout, stderr } = await finish(cli, args);
      expect(stdout).toMatch(/^job_1 {2}200 {2}\d+ ms {2}\{"received":true\}\n$/);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      await app.idle();
      expect(app.handled).toMatchObject([{ job_id: "job_1", output: { type: "video" } }]);
    });

    it.each([
      ["007", "007"],
      ["1e5", "1e5"],
      ["-5", "-5"],
      ["0x10", "0x10"],
      ["true", "true"],
      ["", undefined],
      ["héllo wörld", "héllo wörld"],
    ])("uses --job-id %j as it was typed", async (typed, expected) => {
      const app = await startApp();
      const { code } = await finish(cli, ["trigger", app.url, "--json", "--job-id", typed]);
      expect(code).toBe(expected === undefined ? 2 : 0);
      await app.idle();
      expect(app.handled.map((job) => job.job_id)).toEqual(
        expected === undefined ? [] : [expected],
      );
    });

    it("sends the result several times, in turn or at once, and prints JSON lines", async () => {
      const app = await startApp();
      const args = ["trigger", app.url, "--job-id=7", "--times", "3", "--json"];
      const inTurn = await finish(cli, args);
      const answers = jsonLines<{ body: object }>(inTurn.stdout);
      expect(answers.map(({ body }) => body)).toEqual([
        { received: true },
        { received: true, duplicate: true },
        { received: true, duplicate: true },
      ]);
      expect(answers[0]).toEqual({
        jobId: "7",
        status: 200,
        ms: expect.any(Number),
        body: { received: true },
      });
      const atOnce = await finish(
        cli,
        [...args, "--concurrent", "--times=20"].filter((arg) => arg !== "3" && arg !== "--times"),
      );
      expect(jsonLines(atOnce.stdout)).toHaveLength(20);
      await app.idle();
      expect(app.handled).toHaveLength(1);
    });

    it("sends a failed job, a running job, and the values of --set", async () => {
      const app = await startApp();
      await finish(cli, ["trigger", app.url, "--status", "failed", "--set", "error.code=404"]);
      await finish(cli, ["trigger", app.url, "--status", "processing"]);
      const set = [
        "output.items[0].url=https://example.com/=.png",
        "credits_used:=5",
        "a.b[0]=007",
      ];
      await finish(cli, ["trigger", app.url, ...set.flatMap((one) => ["--set", one])]);
      await app.idle();
      expect(app.handled).toMatchObject([
        { status: "failed", error: { code: "404" } },
        {
          output: { items: [{ type: "image", url: "https://example.com/=.png" }] },
          credits_used: 5,
          a: { b: ["007"] },
        },
      ]);
      expect(app.bodies).toHaveLength(3);
    });

    it("sends a file byte for byte, also one that is no text", async () => {
      const app = await startApp();
      const cwd = folder();
      const binary = Buffer.from([0xff, 0x00, 0x0a, 0x80, 0x0d, 0x0a, 0xfe]);
      writeFileSync(join(cwd, "payload.bin"), binary);
      const sent = await finish(cli, ["trigger", app.url, "--file", "payload.bin", "--json"], {
        cwd,
      });
      expect(app.bodies).toEqual([binary]);
      expect(sent.code).toBe(1);
      expect(jsonLines(sent.stdout)).toMatchObject([{ status: 400, body: { received: false } }]);
    });

    it("reads standard input, JSON lines, and the recordings of dev", async () => {
      const app = await startApp();
      const payload = (id: string) =>
        `{"job_id":"${id}","status":"succeeded","output":{"type":"image","items":[]}}`;
      const record = { atMs: 1, jobId: "c", body: payload("c"), status: 200, ms: 3 };
      const inputs = [
        payload("a"),
        `${payload("a")}\n\n${payload("b")}\r\n`,
        JSON.stringify(record),
      ];
      for (const stdin of inputs) {
        expect((await finish(cli, ["trigger", app.url, "--file", "-"], { stdin })).code).toBe(0);
      }
      expect(app.bodies.map(String)).toEqual(["a", "a", "b", "c"].map(payload));
    });

    it("signs the URL, with the secret of an option or of the environment and the ref as it was typed", async () => {
      const refs: unknown[] = [];
      const probe = await startApp();
      await probe.close();
      const port = Number(new URL(probe.url).port);
      const auth = signedUrl({ secrets: [SECRET], url: probe.url });
      const app = await startApp({ auth, onSucceeded: (_, { ref }) => void refs.push(ref) }, port);
      expect((await finish(cli, ["trigger", app.url])).code).toBe(1);
      await finish(cli, ["trigger", app.url, "--secret", SECRET, "--ref", "1e5"]);
      const env = { WEBHOOK_SECRET: SECRET };
      const minted = await finish(cli, ["mint", app.url, "--ref", "007"], { env });
      expect(minted.code).toBe(0);
      expect((await finish(cli, ["trigger", minted.stdout.trim()], { env })).code).toBe(0);
      await app.idle();
      expect(refs).toEqual(["1e5", "007"]);
    });

    it("leaves the secret of the environment unused for a URL that it cannot sign, and says so", async () => {
      const app = await startApp();
      // It reaches this machine and is no loopback address, as `host.docker.internal` in a container.
      const url = app.url.replace("127.0.0.1", "0.0.0.0");
      const env = { WEBHOOK_SECRET: SECRET };
      const sent = await finish(cli, ["trigger", url, "--job-id", "job_1"], { env });
      expect(sent.stdout).toMatch(/^job_1 {2}200 /);
      expect(sent.code).toBe(0);
      expect(sent.stderr).toMatch(
        /^The URL is not signed with WEBHOOK_SECRET\. Expected `url` to be https, .*got http:\/\/0\.0\.0\.0:.*\n$/,
      );
      for (const asked of [
        ["--secret", `${SECRET}!`],
        ["--ref", "r"],
      ]) {
        const refused = await finish(cli, ["trigger", url, ...asked], { env });
        expect(refused).toMatchObject({ code: 2, stdout: "" });
        expect(refused.stderr).toMatch(/^Expected `url` to be https/);
      }
      expect(app.bodies).toHaveLength(1);
    });

    it("prints no control character of an answer or an id", async () => {
      const { url } = await serve((_, response) => response.end('"\u009B2J\u007F"'));
      const stdin = JSON.stringify({ job_id: "job\u001B[2J\n1" });
      const { stdout } = await finish(cli, ["trigger", url, "--file", "-"], { stdin });
      expect(stdout).toMatch(/^job\uFFFD\[2J\uFFFD1 {2}200 {2}\d+ ms {2}"\uFFFD2J\uFFFD"\n$/);
    });

    it("exits with 1 when an answer is not 2xx, follows no redirect, and reports that no app listens", async () => {
      let requests = 0;
      const { url, close } = await serve((_, response) => {
        requests += 1;
        response.writeHead(308, { location: "/elsewhere" }).end("moved");
      });
      const redirected = await finish(cli, ["trigger", url, "--json"]);
      expect(jsonLines(redirected.stdout)).toMatchObject([{ status: 308, body: "moved" }]);
      expect({ code: redirected.code, requests }).toEqual({ code: 1, requests: 1 });
      await close();
      const { code, stdout, stderr } = await finish(cli, ["trigger", url, "--job-id", "job_1"]);
      expect(stdout).toMatch(/^job_1 {2}not reachable {2}\d+ ms {2}ECONNREFUSED\n$/);
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /^Expected an app at http:.*, got ECONNREFUSED\. Start it, or correct the URL\.\n$/,
      );
    });
  });

  it("mint prints a URL that expires", async () => {
    const url = "http://localhost:3000/hook";
    const args = ["mint", url, "--secret", SECRET, "--expires", "15m", "--json"];
    const { code, stdout } = await finish(cli, args);
    expect(code).toBe(0);
    const [minted] = jsonLines<{ url: string }>(stdout);
    const admit = (ahead: number) =>
      signedUrl({ secrets: [SECRET], url, clock: () => Date.now() + ahead }).admit({
        method: "POST",
        url: minted?.url ?? "",
        header: () => undefined,
      });
    expect(await admit(14 * 60_000)).toMatchObject({ binding: expect.any(String) });
    expect(await admit(15 * 60_000 + 1_000)).toEqual({ refused: "expired" });
  });
}
