import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import type { Pool } from "pg";
import { expect, it } from "vitest";
import { toNames } from "../src/namespace.ts";
import { claimPollsSql, claimSql } from "../src/sql/claim.ts";
import { callsOf } from "../src/sql/functions.ts";
import { ingestSql } from "../src/sql/ingest.ts";
import { nextDueSql, pruneSql } from "../src/sql/look.ts";
import { settleSql } from "../src/sql/settle.ts";
import { HELD, onPostgres, result, STORED } from "./on-postgres.ts";

await onPostgres("claim", (on) => {
  const open = (namespace: string) => postgresStore({ client: on.database.client, namespace });

  it("each of 2000 due rows is claimed by one of two instances", async () => {
    const one = open("share");
    await one.migrate();
    const ids = Array.from({ length: 2_000 }, (_, index) => `job-${index}`);
    await Promise.all(ids.map((id) => one.ingest(result(id), STORED)));
    const other = postgresStore({ client: on.database.another(), namespace: "share" });
    const claimed: string[] = [];
    const claimer = async (store: typeof one) => {
      for (;;) {
        const leases = await store.claim({ ...HELD, limit: 50 });
        if (leases.length === 0) return;
        claimed.push(...leases.map((lease) => lease.jobId));
      }
    };
    await Promise.all([one, other, one, other, one, other].map(claimer));
    expect(claimed).toHaveLength(2_000);
    expect(new Set(claimed).size).toBe(2_000);
  });

  it("a claim skips a row that a transaction holds, and a claim by id waits for it", async () => {
    const store = open("held");
    await store.migrate();
    await store.ingest(result("held"), STORED);
    await store.ingest(result("free"), STORED);
    const { client } = on.database;
    const pool = client as unknown as { connect(): Promise<typeof client & { release(): void }> };
    const tx = await pool.connect();
    await tx.query("BEGIN", []);
    await tx.query("SELECT FROM held_jobs WHERE job_id = 'held' FOR UPDATE", []);
    const leases = await store.claim({ ...HELD, limit: 10 });
    expect(leases.map((lease) => lease.jobId)).toEqual(["free"]);
    const waits = store.claim({ ...HELD, limit: 1, jobId: "held" });
    await tx.query("COMMIT", []);
    tx.release();
    expect(await waits).toHaveLength(1);
  });

  it("a claim reads only the index entries it needs, with 100 000 rows", async () => {
    const store = open("many");
    await store.migrate();
    const { client } = on.database;
    await client.query(
      `INSERT INTO many_jobs (job_id, state, fingerprint, payload, source, due_at, received_at)
       SELECT 'job-' || i, CASE WHEN i % 100 = 0 THEN 'pending' WHEN i % 100 = 1 THEN 'expected' ELSE 'done' END,
         '1-a', '{}', 'webhook', now() + (i - 500) * interval '1 s', now()
       FROM generate_series(1, 100000) AS i`,
      [],
    );
    await client.query("ANALYZE many_jobs", []);
    const delivery = JSON.stringify([{ job_id: "job-7", fingerprint: "1-a", lease_ms: 1 }]);
    const statements: [string, unknown[], RegExp][] = [
      [claimSql("many_jobs"), ["test", 1_000, 10], /many_jobs_work/],
      [claimPollsSql("many_jobs"), [1_000, 10], /many_jobs_polls/],
      [pruneSql("many_jobs"), [10], /many_jobs_retention/],
      [nextDueSql("many_jobs"), [], /many_jobs_work[^]*many_jobs_polls/],
      [ingestSql("many_jobs").insertNew, [delivery, 1_000], /many_jobs_pkey/],
      [
        ingestSql("many_jobs").compare.replaceAll("fresh", "'{}'::text[]"),
        [delivery, 1_000],
        /many_jobs_pkey/,
      ],
      [settleSql("many_jobs").waiting, [delivery], /many_jobs_pkey/],
      [settleSql("many_jobs").passing, [delivery], /many_jobs_pkey/],
    ];
    for (const [sql, values, index] of statements) {
      const { rows } = await client.query(`EXPLAIN ${sql}`, values);
      const plan = rows.map((row) => (row as { "QUERY PLAN": string })["QUERY PLAN"]).join("\n");
      expect(plan).toMatch(index);
      expect(plan).not.toMatch(/Seq Scan on many_jobs/);
    }
  });

  it("a claim keeps no plan that reads the whole table, although it was planned on an empty one", async () => {
    await open("grown").migrate();
    const session = await (on.database.client as Pool).connect();
    try {
      const came = JSON.stringify([{ job_id: "job-7", fence: 1, ends: "done", due_in_ms: 1 }]);
      const { ingest, settle } = callsOf(toNames("grown"));
      const calls = [
        { sql: ingest, values: [came, 1, 1] },
        { sql: settle, values: [came] },
      ];
      // PostgreSQL plans a session's first five executions for their values.
      for (let made = 0; made < 6; made += 1) {
        for (const { sql, values } of calls) await session.query(sql, values);
      }
      await session.query(
        `INSERT INTO grown_jobs (job_id, state, fence, due_at)
         SELECT 'row-' || i, 'leased', 1, now() + interval '1 h' FROM generate_series(1, 20000) AS i`,
      );
      for (const { sql, values } of calls) {
        const { rows } = await session.query<{ "QUERY PLAN": string }>(
          `EXPLAIN (ANALYZE, BUFFERS) ${sql}`,
          values,
        );
        const text = rows.map((row) => row["QUERY PLAN"]).join("\n");
        const pages = [...text.matchAll(/(?:hit|read)=(\d+)/g)].map(([, count]) => Number(count));
        expect(Math.max(...pages)).toBeLessThan(100); // the table has some 400
      }
    } finally {
      session.release();
    }
  });
});
