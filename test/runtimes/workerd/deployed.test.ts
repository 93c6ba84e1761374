import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { succeededPayload } from "@abstrakt-webhooks/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openLibsqlD1 } from "../../support/libsql-d1.ts";
import { app, ENDPOINT, type Env } from "./deployed-app.ts";
import {
  bundle,
  inWorkerd,
  migrate,
  skipsWorkerd,
  startWorkerd,
  type Miniflare,
} from "./workerd.ts";

const SECRET = "a secret of at least thirty-two characters";
const DUPLICATES = 1_000;
const KILLS = 5;
const JOBS_PER_KILL = 40;

/** Sends one body to two other Workers, all at once: more requests than outside sockets allow. */
const RACER = `export default {
  async fetch(request, { ONE, TWO }) {
    const body = await request.text();
    const answers = Array.from({ length: ${DUPLICATES} }, async (_, index) => {
      const response = await (index % 2 ? ONE : TWO).fetch(request.url, { method: "POST", body });
      return response.status + " " + (await response.text());
    });
    return Response.json(await Promise.all(answers));
  },
};`;

/** Records each run of a callback, and each change of a row to `done`. */
const LEDGER = [
  "CREATE TABLE runs (job_id TEXT NOT NULL)",
  "CREATE TABLE completions (job_id TEXT NOT NULL)",
  `CREATE TRIGGER completed AFTER UPDATE ON abstrakt_jobs WHEN new.state = 'done' AND old.state <> 'done'
   BEGIN INSERT INTO completions VALUES (new.job_id); END`,
];

describe.skipIf(skipsWorkerd)(inWorkerd("in workerd, on D1"), () => {
  let script: string;
  let folder: string;
  let workerd: Miniflare;

  const start = async (): Promise<Miniflare> => {
    const worker = (name: string, database: string | undefined, bindings: object = {}) => ({
      name,
      script,
      modules: true,
      compatibilityDate: "2026-04-01",
      bindings,
      ...(database && { d1Databases: { DB: database } }),
    });
    return startWorkerd({
      d1Persist: join(folder, "d1"),
      workers: [
        worker("one", "jobs"),
        worker("two", "jobs"),
        worker("cut", "jobs", { CUT: true }),
        worker("signed", "jobs", { SECRET }),
        worker("unmigrated", "empty"),
        worker("unbound", undefined),
        ...["made", "own"].map((name) => worker(name, "jobs", { CLIENT: name })),
        worker("storeless", "jobs", { STORELESS: true }),
        {
          ...worker("racer", undefined),
          script: RACER,
          serviceBindings: { ONE: "one", TWO: "two" },
        },
      ],
    });
  };
  beforeAll(async () => {
    script = await bundle(fileURLToPath(new URL("deployed-worker.ts", import.meta.url)));
    folder = mkdtempSync(join(tmpdir(), "workerd-"));
    workerd = await start();
    await migrate(workerd);
    const database = await workerd.getD1Database("DB", "one");
    for (const statement of LEDGER) await database.prepare(statement).run();
  });
  afterAll(async () => {
    await workerd?.dispose();
    if (folder) rmSync(folder, { recursive: true });
  });

  const send = async (worker: string, url: string, init?: RequestInit): Promise<Response> =>
    (await workerd.getWorker(worker)).fetch(url, init);
  const post = (worker: string, payload: object): Promise<Response> =>
    send(worker, ENDPOINT, { method: "POST", body: JSON.stringify(payload) });
  const query = async (sql: string): Promise<unknown[]> =>
    (await (await workerd.getD1Database("DB", "one")).prepare(sql).all()).results;
  /** Calls tick, as a cron trigger does, until nothing waits. */
  const tickUntilDone = async (worker: string): Promise<void> => {
    for (;;) {
      const report = (await (await send(worker, "http://localhost/tick")).json()) as object;
      if (!("nextDueInMs" in report)) return;
    }
  };

  it(`${DUPLICATES} duplicates at once in two isolates run one callback`, async () => {
    const payload = succeededPayload();
    const answers = (await (await post("racer", payload)).json()) as string[];
    const count = (answer: string) => answers.filter((given) => given === answer).length;
    expect(count('200 {"received":true}')).toBe(1);
    expect(count('200 {"received":true,"duplicate":true}')).toBe(DUPLICATES - 1);
    await tickUntilDone("one");
    const which = `WHERE job_id = '${payload.job_id}'`;
    expect(await query(`SELECT job_id FROM runs ${which}`)).toHaveLength(1);
    expect(await query(`SELECT job_id FROM completions ${which}`)).toHaveLength(1);
  });

  it("a callback that is stopped with the answer is run again by the next tick", async () => {
    const payload = { ...succeededPayload(), work_ms: 60_000 };
    expect((await post("cut", payload)).status).toBe(200);
    await tickUntilDone("one");
    const which = `WHERE job_id = '${payload.job_id}'`;
    expect(await query(`SELECT state, attempts FROM abstrakt_jobs ${which}`)).toEqual([
      { state: "done", attempts: 2 },
    ]);
    expect(await query(`SELECT job_id FROM completions ${which}`)).toHaveLength(1);
  });

  it(`workerd is killed ${KILLS} times while it works: no acknowledged result is lost or completed twice`, async () => {
    const acknowledged: string[] = [];
    let running = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const sent = Array.from({ length: JOBS_PER_KILL }, async (_, index) => {
        const payload = { ...succeededPayload(), work_ms: (index % 4) * 1_000 };
        const response = await post(index % 2 === 0 ? "one" : "two", payload);
        if (response.status === 200) acknowledged.push(payload.job_id);
      });
      // Some requests are answered, some are being written, and some have not arrived.
      await Promise.race([Promise.all(sent.slice(0, JOBS_PER_KILL / 2)), Promise.allSettled(sent)]);
      await workerd.dispose();
      await Promise.allSettled(sent);
      workerd = await start();
      running += (await query("SELECT 1 FROM abstrakt_jobs WHERE state = 'leased'")).length;
    }
    expect(acknowledged.length).toBeGreaterThan((KILLS * JOBS_PER_KILL) / 4);
    expect(running).toBeGreaterThan(KILLS);
    await tickUntilDone("two");
    const rows = (await query("SELECT job_id, state FROM abstrakt_jobs")) as {
      job_id: string;
      state: string;
    }[];
    const done = new Set(rows.filter(({ state }) => state === "done").map((row) => row.job_id));
    expect(acknowledged.filter((jobId) => !done.has(jobId))).toEqual([]);
    expect(rows.filter(({ state }) => state !== "done")).toEqual([]);
    const twice = "SELECT job_id FROM completions GROUP BY job_id HAVING count(*) <> 1";
    expect(await query(twice)).toEqual([]);
    console.log(`killed ${KILLS} times: ${acknowledged.length} acknowledged, ${running} in work`);
  });

  it.each(["made", "own"])("a client (%s) submits a job, and a tick polls it", async (name) => {
    const submitted = await (await send(name, "http://localhost/submit")).json();
    const { job_id: jobId } = submitted as { job_id: string };
    await tickUntilDone(name);
    const rows = await query(`SELECT state, source FROM abstrakt_jobs WHERE job_id = '${jobId}'`);
    expect(rows).toEqual([{ state: "done", source: "poll" }]);
    expect(await query(`SELECT job_id FROM runs WHERE job_id = '${jobId}'`)).toHaveLength(1);
  });

  describe("bad input is answered as on Node", () => {
    const onNode: Record<string, Env> = {
      signed: { DB: openLibsqlD1(), SECRET },
      one: { DB: openLibsqlD1() },
      unmigrated: { DB: openLibsqlD1([]) },
      unbound: {} as Env,
    };
    const valid = JSON.stringify(succeededPayload());
    const big = JSON.stringify({ ...succeededPayload(), more: "x".repeat(10_000) });

    it.each<[what: string, worker: string, query: string, init: RequestInit, said: string]>([
      [
        "no token",
        "signed",
        "",
        { method: "POST", body: valid },
        '401 {"received":false,"error":{"code":"unauthorized"',
      ],
      [
        "a token of another secret",
        "signed",
        "?k=v1.x.1.x.x.x",
        { method: "POST", body: valid },
        "401 ",
      ],
      [
        "a body over the limit",
        "one",
        "",
        { method: "POST", body: big },
        '413 {"received":false,"error":{"code":"body_too_large"',
      ],
      ["no JSON", "one", "", { method: "POST", body: "{" }, "400 "],
      ["another method", "one", "", { method: "GET" }, "405 "],
      [
        "an unmigrated database",
        "unmigrated",
        "",
        { method: "POST", body: valid },
        '503 {"received":false,"error":{"code":"store_unavailable"',
      ],
      [
        "no binding",
        "unbound",
        "",
        { method: "POST", body: valid },
        '500 {"code":"invalid_options","error":"Expected a D1 binding such as env.DB, got undefined. Name it in `d1_databases`',
      ],
    ])("%s", async (_, worker, search, init, said) => {
      const tell = async (response: Response) =>
        `${response.status} ${await response.text()} ${response.headers.get("retry-after")}`;
      const there = await tell(await send(worker, ENDPOINT + search, init));
      expect(there).toContain(said);
      expect(there).toBe(await tell(await app.request(ENDPOINT + search, init, onNode[worker])));
    });

    it("for an unmigrated database the error of tick says what to run", async () => {
      const answer = await (await send("unmigrated", "http://localhost/tick")).json();
      expect(JSON.stringify(answer)).toContain("wrangler d1 migrations apply");
    });

    it("a URL that was minted in workerd is accepted", async () => {
      const url = await (await send("signed", "http://localhost/url")).text();
      expect((await send("signed", url, { method: "POST", body: valid })).status).toBe(200);
    });

    it("without a store the error says what to pass, because Workers have no default", async () => {
      const answer = await (
        await send("storeless", ENDPOINT, { method: "POST", body: valid })
      ).json();
      expect(answer).toEqual({
        code: "invalid_options",
        error: expect.stringContaining("Pass a durable store such as d1Store(env.DB)"),
      });
    });
  });
});
