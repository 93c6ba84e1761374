import { postgresStore } from "@abstrakt-webhooks/store-postgres";
import { Pool } from "pg";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { startPostgresPair } from "../support/postgres-pair.ts";

const HELD = { owner: "test", leaseMs: 60_000 };

const pair = await startPostgresPair();

describe.skipIf(pair === undefined)("a synchronous standby (needs a server)", () => {
  it("has every row whose repeat is acknowledged", async () => {
    if (pair === undefined) return;
    const { primary, standby } = pair;
    const pool = new Pool({ connectionString: primary.url });
    pool.on("error", () => undefined);
    onTestFinished(async () => {
      await pair.close();
      await pool.end();
    });
    const store = postgresStore({ client: pool });
    await store.migrate();

    const acknowledged = new Set<string>();
    const ingest = async (jobId: string) => {
      const delivery = { jobId, fingerprint: "1-a", payload: "{}", source: "webhook" } as const;
      const { kind } = await store.ingest(delivery, HELD);
      acknowledged.add(jobId);
      return kind;
    };
    const waiting = () =>
      primary.query("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    /** Resolves once a commit waits for the standby. */
    const untilCommitWaits = () =>
      vi.waitFor(async () => expect(await waiting()).toHaveLength(1), { timeout: 20_000 });
    /** Writes a row that only the primary has. */
    const writeWithoutStandby = async (jobId: string) => {
      await standby.stop();
      const answer = ingest(jobId);
      const refused = expect(answer).rejects.toMatchObject({ code: "store_unavailable" });
      await untilCommitWaits();
      await primary.stop();
      await refused;
      await primary.start();
      expect(await store.get(jobId)).toMatchObject({ state: "leased" });
    };

    expect([await ingest("both"), await ingest("both")]).toEqual(["leased", "duplicate"]);
    await writeWithoutStandby("late");
    const late = ingest("late");
    await untilCommitWaits();
    await standby.start();
    expect(await late).toBe("duplicate");

    await writeWithoutStandby("lost");
    const lost = ingest("lost").catch((error: unknown) => error);
    await Promise.race([lost, untilCommitWaits()]);
    await primary.stop("crash");
    await lost;
    await standby.start();
    await pair.promote();
    const rows = await standby.query<{ id: string }>("SELECT job_id AS id FROM abstrakt_jobs");
    const kept = new Set(rows.map(({ id }) => id));
    expect([...acknowledged].filter((jobId) => !kept.has(jobId))).toEqual([]);
    expect([...acknowledged]).toEqual(["both", "late"]);
  });
});
