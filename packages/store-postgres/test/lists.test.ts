import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import { expect, it } from "vitest";
import { HELD, onPostgres, result } from "./on-postgres.ts";

await onPostgres("lists", (on) => {
  it.each([
    ["2026-11-27 10:20:30.123999+00", Date.UTC(2026, 10, 27, 10, 20, 30, 123)],
    ["2026-11-27 10:20:30.124+00", Date.UTC(2026, 10, 27, 10, 20, 30, 124)],
    ["2105-12-31 23:59:59.999999+00", Date.UTC(2105, 11, 31, 23, 59, 59, 999)],
  ])("%s is read as its millisecond, rounded down", async (time, ms) => {
    const { client } = on.database;
    const store = postgresStore({ client, namespace: "times" });
    await store.migrate();
    await store.ingest(result("a"), HELD);
    await store.settle({ jobId: "a", fence: 1 }, { to: "done" });
    await client.query("UPDATE times_jobs SET received_at = $1, settled_at = $1", [time]);
    const record = { receivedAtMs: ms, settledAtMs: ms };
    expect(await store.get("a")).toMatchObject(record);
    expect((await store.list({ state: "done", limit: 1 })).records).toMatchObject([record]);
    await client.query("DELETE FROM times_jobs", []);
  });

  it("pages end and begin at the microsecond of a row", async () => {
    const { client } = on.database;
    const store = postgresStore({ client, namespace: "pages" });
    await store.migrate();
    for (const [index, jobId] of ["a", "b", "c"].entries()) {
      await store.ingest(result(jobId), HELD);
      await store.settle({ jobId, fence: 1 }, { to: "done" });
      const time = `2105-12-31 23:59:59.99999${index}+00`;
      await client.query("UPDATE pages_jobs SET settled_at = $1 WHERE job_id = $2", [time, jobId]);
    }
    const listed: string[] = [];
    let after: string | undefined;
    for (let pages = 0; pages < 3; pages += 1) {
      const page = await store.list({ state: "done", limit: 1, ...(after && { after }) });
      listed.push(...page.records.map(({ jobId }) => jobId));
      after = page.next;
    }
    expect(listed).toEqual(["c", "b", "a"]);
    expect(after).toBeUndefined();
  });

  it("the first page of a state is sent without parameters, as one message of pg", async () => {
    const sent: number[] = [];
    const { client } = on.database;
    const store = postgresStore({
      client: {
        query(text, values) {
          sent.push(values.length);
          return client.query(text, values);
        },
      },
    });
    await store.migrate();
    sent.length = 0;
    const { next } = await store.list({ state: "pending", limit: 5, payloads: false });
    expect(next).toBeUndefined();
    expect(sent).toEqual([0]);
  });
});
