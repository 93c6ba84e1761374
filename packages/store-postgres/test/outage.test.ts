import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import { Client } from "pg";
import { expect, it } from "vitest";
import { HELD, onPostgres, result } from "./on-postgres.ts";

const KILLS = 5;

await onPostgres("outage", (on) => {
  it("killed connections lose no acknowledged result, and the store recovers without help", async () => {
    const { client, schema } = on.database;
    const store = postgresStore({ client, namespace: "killed" });
    await store.migrate();
    const killer = new Client({ connectionString: on.url });
    await killer.connect();
    const acknowledged: string[] = [];
    const failures: unknown[] = [];
    let killing = true;
    let next = 0;

    const sender = async () => {
      while (killing) {
        const jobId = `job-${(next += 1)}`;
        await store.ingest(result(jobId), HELD).then(
          () => acknowledged.push(jobId),
          (error: unknown) => failures.push(error),
        );
      }
    };
    const senders = Array.from({ length: 16 }, sender);
    // A connection killed between two statements causes no error: repeat until one was busy.
    for (let kills = 0; kills < KILLS || failures.length === 0;) {
      const before = acknowledged.length;
      while (acknowledged.length < before + 50) await new Promise((turn) => setImmediate(turn));
      const { rowCount } = await killer.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1",
        [schema],
      );
      if (rowCount !== 0) kills += 1;
    }
    killing = false;
    await Promise.all(senders);
    await killer.end();

    for (const error of failures) expect(error).toMatchObject({ code: "store_unavailable" });
    const other = postgresStore({ client: on.database.another(), namespace: "killed" });
    const { records } = await other.list({ limit: next + 1 });
    const kept = new Set(records.map(({ jobId }) => jobId));
    expect(acknowledged.filter((jobId) => !kept.has(jobId))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThanOrEqual(50 * KILLS);
  });
});
