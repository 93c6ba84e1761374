import { readFileSync } from "node:fs";
import { signedUrl } from "@abstrakt-webhooks/core";
import { afterAll, describe, expect, it } from "vitest";
import { startApp } from "../support/app.ts";
import { finish, jsonLines, type Cli } from "../support/cli.ts";
import { SECRET } from "../support/endpoints.ts";
import { startSilentServer } from "../support/silent-server.ts";
import {
  addDead,
  createOtherDatabase,
  payloadOf,
  stopServers,
  testStores,
} from "../support/stores.ts";

const CONTROL = /[^\P{Cc}\n]/u;

interface Row {
  jobId: string;
  state: string;
  payload: string;
  binding: string;
}

const ids = (stdout: string): string[] => jsonLines<Row>(stdout).map(({ jobId }) => jobId);

/** Commands that read real stores, and commands that make dead jobs due again. */
export function jobs(cli: Cli): void {
  afterAll(stopServers);

  describe.each(testStores)("jobs on %s", (_, open) => {
    const test = open === undefined ? it.skip : it;
    const openStore = open ?? (() => Promise.reject(new Error("skipped")));

    test("list, show, export and stats read rows and change none", async () => {
      const { store, args } = await openStore();
      for (const id of ["job_a1", "job_a2", "job_b1"]) await addDead(store, id);
      await store.ingest(
        { jobId: "job_b2", fingerprint: "f", payload: payloadOf("job_b2"), source: "webhook" },
        { owner: "test", leaseMs: 0 },
      );
      const jobsOf = (...words: string[]) => finish(cli, ["jobs", ...words, ...args, "--json"]);

      expect(ids((await jobsOf("list")).stdout).sort()).toEqual([
        "job_a1",
        "job_a2",
        "job_b1",
        "job_b2",
      ]);
      expect(ids((await jobsOf("list", "--state", "pending")).stdout)).toEqual(["job_b2"]);
      expect(ids((await jobsOf("list", "--prefix", "job_b")).stdout).sort()).toEqual([
        "job_b1",
        "job_b2",
      ]);
      expect(ids((await jobsOf("list", "--limit", "2")).stdout)).toHaveLength(2);
      expect(ids((await jobsOf("export", "--state", "dead")).stdout)).toHaveLength(3);
      const table = await finish(cli, ["jobs", "list", "--state", "dead", ...args]);
      expect(table.stdout).toMatch(
        /^JOB +STATE +ATTEMPTS .*\njob_\w\d +dead +1 +20.*attempts_exhausted/,
      );

      const { stdout } = await jobsOf("stats");
      expect(jsonLines(stdout)).toMatchObject([
        { dead: 3, pending: 1, done: 0, oldestPendingMs: expect.any(Number) },
      ]);
      expect((await finish(cli, ["jobs", "stats", ...args])).stdout).toMatch(/dead +3/);
      expect(await store.stats()).toMatchObject({ dead: 3, pending: 1, leased: 0 });

      const missing = await finish(cli, ["jobs", "show", "job_none", ...args]);
      expect(missing).toEqual({
        code: 1,
        stdout: "",
        stderr: 'The store has no job "job_none".\n',
      });
    });

    test("payloads, bindings and the queries of URLs are shown with --reveal alone", async () => {
      const { store, args } = await openStore();
      await addDead(store, "job_1");
      const looks = [["show", "job_1"], ["list"], ["export"]];
      for (const look of looks) {
        const command = ["jobs", ...look, ...args, "--json"];
        const hidden = await finish(cli, command);
        expect(hidden.stdout).not.toContain("c4n4ry");
        const [row] = jsonLines<Row>(hidden.stdout);
        expect(JSON.parse(row?.payload ?? "")).toMatchObject({
          job_id: "job_1",
          status: "succeeded",
          output: { items: [{ type: "image", url: "https://cdn.example.com/a.png?[redacted]" }] },
        });
        const shown = jsonLines<Row>((await finish(cli, [...command, "--reveal"])).stdout);
        expect(shown).toMatchObject([{ payload: payloadOf("job_1"), binding: "c4n4ry" }]);
      }
      const lines = await finish(cli, ["jobs", "show", "job_1", ...args]);
      expect(lines.stdout).toMatch(/^jobId +job_1$/m);
      expect(lines.stdout).not.toContain("c4n4ry");
    });

    test("no text of a sender controls the terminal", async () => {
      const thrown = "no\u001B]0;title\u0007\r\n\u009B2Jcleared\u007F";
      const { store, args } = await openStore();
      await addDead(store, "job_1", thrown);
      const list = await finish(cli, ["jobs", "list", ...args]);
      expect(list.stdout).toMatch(/ no\uFFFD\]0;title\uFFFD \uFFFD2Jcleared\uFFFD$/m);
      expect(list.stdout).not.toMatch(CONTROL);
      const show = await finish(cli, ["jobs", "show", "job_1", ...args]);
      expect(show.stdout).toMatch(
        /^error +attempts_exhausted: no\uFFFD\]0;title\uFFFD\n\uFFFD2Jcleared\uFFFD$/m,
      );
      expect(show.stdout).not.toMatch(CONTROL);
      const json = await finish(cli, ["jobs", "show", "job_1", "--json", ...args]);
      expect(jsonLines(json.stdout)).toMatchObject([{ error: `attempts_exhausted: ${thrown}` }]);
      const missing = await finish(cli, ["jobs", "redrive", "\u009B2J", ...args]);
      expect(missing.stdout).toBe("\uFFFD2J  not redriven: the store has no such job\n");
    });

    test("redrive makes one dead job pending, or all, and asks for confirmation first", async () => {
      const { store, args } = await openStore();
      for (const id of ["job_a1", "job_a2", "job_b1"]) await addDead(store, id);
      const one = await finish(cli, ["jobs", "redrive", "job_a1", ...args, "--json"]);
      expect({ ...one, stdout: jsonLines(one.stdout) }).toEqual({
        code: 0,
        stdout: [{ jobId: "job_a1", redriven: true }],
        stderr: "",
      });
      expect((await store.get("job_a1"))?.state).toBe("pending");
      expect((await finish(cli, ["jobs", "redrive", "job_a1", ...args])).code).toBe(1);

      const unasked = await finish(cli, ["jobs", "redrive", "--all-dead", ...args]);
      expect(unasked.code).toBe(2);
      expect(unasked.stderr).toMatch(/^Expected `--yes`.*Redrive 2 dead jobs\?\n$/);
      expect((await store.stats()).dead).toBe(2);
      const some = ["jobs", "redrive", "--all-dead", "--yes", "--json", ...args];
      expect(ids((await finish(cli, [...some, "--prefix", "job_b"])).stdout)).toEqual(["job_b1"]);
      expect(ids((await finish(cli, some)).stdout)).toEqual(["job_a2"]);
      expect(await store.stats()).toMatchObject({ dead: 0, pending: 3 });
    });

    test("after a redrive while no app runs, the callback runs once when the app starts", async () => {
      const { store, args } = await openStore();
      await addDead(store, "job_1");
      expect((await finish(cli, ["jobs", "redrive", "job_1", ...args])).code).toBe(0);
      expect(await store.get("job_1")).toMatchObject({ state: "pending", attempts: 0 });
      const app = await startApp({ store });
      await expect.poll(() => app.handled.length, { timeout: 10_000 }).toBe(1);
      await app.idle();
      expect(app.handled).toMatchObject([{ job_id: "job_1" }]);
      const again = await finish(cli, ["replay", "job_1", "--to", app.url, ...args, "--json"]);
      expect(jsonLines(again.stdout)).toMatchObject([
        { jobId: "job_1", body: { duplicate: true } },
      ]);
      expect(await store.get("job_1")).toMatchObject({ state: "done", attempts: 1 });
      expect(app.handled).toHaveLength(1);
    });

    test("replay sends a stored payload with the same id or with a new one", async () => {
      const { store, args } = await openStore();
      await addDead(store, "job_1");
      const app = await startApp();
      const replay = ["replay", "job_1", "--to", app.url, "--json", ...args];
      expect((await finish(cli, replay)).code).toBe(0);
      const again = await finish(cli, replay);
      expect(jsonLines(again.stdout)).toMatchObject([
        { jobId: "job_1", body: { duplicate: true } },
      ]);
      const renamed = await finish(cli, [...replay, "--new-id"]);
      const [{ jobId } = { jobId: "" }] = jsonLines<Row>(renamed.stdout);
      await app.idle();
      expect(app.handled.map((job) => job.job_id)).toEqual(["job_1", jobId]);
      expect(jobId).not.toBe("job_1");
      const payload = payloadOf("job_1");
      expect(app.bodies.map(String)).toEqual([payload, payload, payload.replace("job_1", jobId)]);
      const missing = await finish(cli, ["replay", "007", "--to", app.url, ...args]);
      expect(missing).toMatchObject({
        code: 1,
        stdout: "",
        stderr: expect.stringContaining('job "007"'),
      });
    });
  });

  const [[, openSqlite] = []] = testStores;

  it("replay with a secret says that the app takes it as a conflict; the job's own URL is a duplicate", async () => {
    const opened = await openSqlite?.();
    if (opened === undefined) throw new Error("Expected SQLite to be there.");
    const { store, args } = opened;
    const probe = await startApp();
    await probe.close();
    const auth = signedUrl({ secrets: [SECRET], url: probe.url });
    const app = await startApp({ auth, store }, Number(new URL(probe.url).port));
    const { url, binding } = await auth.mint({});
    await addDead(store, "job_1", "archive down", binding);
    const replay = (to: string, ...more: string[]) =>
      finish(cli, ["replay", "job_1", "--to", to, ...args, ...more, "--json"]);

    const own = await replay(url);
    expect(own).toMatchObject({ code: 0, stderr: "" });
    expect(jsonLines(own.stdout)).toMatchObject([{ body: { duplicate: true } }]);
    const signed = await replay(app.url, "--secret", SECRET);
    expect(jsonLines(signed.stdout)).toMatchObject([{ body: { conflict: true } }]);
    expect(signed.stderr).toMatch(/^Job "job_1" belongs to .* answers `conflict` .*`--to`\.\n$/);
    const renamed = await replay(app.url, "--secret", SECRET, "--new-id");
    expect(renamed).toMatchObject({ code: 0, stderr: "" });
    expect(await store.get("job_1")).toMatchObject({ state: "dead", conflicts: 1 });
  });

  it("a file of another program is reported and stays as it is", async () => {
    const file = createOtherDatabase();
    const before = readFileSync(file);
    for (const words of [["list"], ["stats"], ["show", "job_1"], ["redrive", "job_1"]]) {
      const args = ["jobs", ...words, "--store", `sqlite:${file}`, "--namespace", "mine"];
      expect(await finish(cli, args)).toEqual({
        code: 1,
        stdout: "",
        stderr: `Expected the table "abstrakt_jobs" of namespace "mine" in ${file}, got a file without it. Check the path.\n`,
      });
    }
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it("a namespace without jobs is reported when the file has jobs of others only", async () => {
    const opened = await openSqlite?.();
    if (opened === undefined) throw new Error("Expected SQLite to be there.");
    const { store, args, url } = opened;
    expect(await finish(cli, ["jobs", "list", ...args])).toMatchObject({
      code: 0,
      stdout: "No jobs.\n",
    });
    await addDead(store, "job_1");
    expect((await finish(cli, ["jobs", "list", ...args])).stdout).toContain("job_1");
    const file = url.slice("sqlite:".length);
    expect(await finish(cli, ["jobs", "list", "--store", url])).toEqual({
      code: 1,
      stdout: "",
      stderr: `Expected jobs of namespace "abstrakt" in the table "abstrakt_jobs" of ${file}, got those of "mine". Pass \`--namespace\`.\n`,
    });
  });

  it("a server that accepts and stays silent is reported", async () => {
    const { port, connections } = await startSilentServer();
    const [redis, postgres] = await Promise.all(
      ["redis", "postgres"].map((protocol) =>
        finish(cli, ["jobs", "stats", "--store", `${protocol}://127.0.0.1:${port}`]),
      ),
    );
    expect(redis).toEqual({
      code: 1,
      stdout: "",
      stderr: `Expected the store at redis://127.0.0.1:${port} to answer, got "no answer for 5 s". Check the URL, and that it runs.\n`,
    });
    expect(postgres).toMatchObject({ code: 1, stdout: "" });
    expect(postgres?.stderr).toMatch(/^PostgreSQL did not answer/);
    await expect.poll(connections).toBe(0);
  });

  it.each([
    [
      "sqlite:/nowhere/jobs.db",
      /^Expected an SQLite file at \/nowhere\/jobs\.db, got nothing there/,
    ],
    ["postgres://u:c4n4ry@127.0.0.1:9/app", /^PostgreSQL did not answer/],
    [
      "redis://u:c4n4ry@127.0.0.1:9/0",
      /^Expected the store at redis:\/\/127\.0\.0\.1:9\/0 to answer/,
    ],
  ])("a store that is down is reported by one line and exit code 1: %s", async (url, message) => {
    const { code, stdout, stderr } = await finish(cli, ["jobs", "list", "--json"], {
      env: { ABSTRAKT_STORE: url },
    });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain("\n");
    expect(stderr).not.toContain("c4n4ry");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });
}
