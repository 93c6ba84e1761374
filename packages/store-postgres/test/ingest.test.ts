import { type PostgresClient, postgresStore } from "@abstrakt-webhooks/store-postgres";
import { expect, it } from "vitest";
import { counting, HELD, onPostgres, result, tally } from "./on-postgres.ts";

await onPostgres(
  "ingest",
  (on) => {
    const fresh = async (namespace: string) => {
      const client = counting(on.database.client);
      const store = postgresStore({ client, namespace });
      await store.migrate();
      client.statements.length = 0;
      return { client, store, jobs: `${namespace}_jobs` };
    };
    const rowOf = async (jobs: string) =>
      (await on.database.client.query(`SELECT xmin::text, xmax::text, ctid::text FROM ${jobs}`, []))
        .rows[0];

    /** Twenty instances ingest the jobs at once, each second one in the opposite order. */
    const crosswise = (client: PostgresClient, namespace: string, ids: readonly string[]) =>
      Promise.all(
        Array.from({ length: 20 }, (_, instance) => {
          const other = postgresStore({ client, namespace });
          const order = instance % 2 === 0 ? ids : ids.toReversed();
          return order.map((id) => other.ingest(result(id, `1-${instance}`), HELD));
        }).flat(),
      );

    it("ingest needs one statement, whatever the row holds", async () => {
      const { client, store } = await fresh("trips");
      const deliveries = [result("a"), result("a"), result("a", "1-b"), result("b")];
      const { fingerprint, ...unknown } = result("c");
      for (const [index, delivery] of [...deliveries, unknown].entries()) {
        await store.ingest(delivery, HELD);
        expect(client.statements).toHaveLength(index + 1);
      }
    });

    it("a batch in which every job is new answers what its rows hold", async () => {
      const { client, store } = await fresh("new");
      const { fingerprint, ...unknown } = result("unknown");
      const answers = await Promise.all([
        store.ingest({ ...result("bound"), binding: "mine" }, HELD),
        store.ingest(result("free"), HELD),
        store.ingest(result("stored"), { ...HELD, leaseMs: 0 }),
        store.ingest(unknown, HELD),
      ]);
      expect(client.statements).toHaveLength(1);
      const leases = await Promise.all(
        ["bound", "free"].map(async (jobId) => {
          const { attempts, conflicts, state, dueInMs, ...row } = { ...(await store.get(jobId)) };
          return { kind: state, lease: { ...row, attempt: attempts, fingerprint: "1-a" } };
        }),
      );
      expect(answers).toEqual([...leases, { kind: "stored" }, { kind: "parked" }]);
      expect(await store.stats()).toMatchObject({ leased: 2, pending: 1, dead: 1 });
    });

    it("a batch of new and known jobs answers each of them", async () => {
      const { client, store } = await fresh("mixed");
      for (const jobId of ["b", "d", "f"]) await store.ingest(result(jobId), HELD);
      await store.expect("e", { pollAfterMs: 1_000, giveUpAfterMs: 2_000 });
      client.statements.length = 0;
      const answers = await Promise.all([
        store.ingest({ ...result("a"), binding: "mine" }, HELD),
        store.ingest(result("b"), HELD),
        store.ingest(result("c"), { ...HELD, leaseMs: 0 }),
        store.ingest(result("d", "1-b"), HELD),
        store.ingest(result("e"), HELD),
      ]);
      expect(client.statements).toHaveLength(1);
      expect(answers).toMatchObject([
        { kind: "leased", lease: { jobId: "a", fence: 1, attempt: 1, binding: "mine" } },
        { kind: "duplicate", state: "leased" },
        { kind: "stored" },
        { kind: "conflict", state: "leased", reason: "result" },
        { kind: "leased", lease: { jobId: "e", fence: 1, attempt: 1, expected: true } },
      ]);
      expect((await store.get("d"))?.conflicts).toBe(1);
      expect(await store.stats()).toMatchObject({ leased: 5, pending: 1 });
    });

    it("a duplicate writes nothing, and takes no lock", async () => {
      const { store, jobs } = await fresh("quiet");
      await store.ingest(result("a"), HELD);
      const before = await rowOf(jobs);
      for (let count = 0; count < 3; count += 1) {
        expect((await store.ingest(result("a"), HELD)).kind).toBe("duplicate");
      }
      expect(await rowOf(jobs)).toEqual(before);
      await store.ingest(result("a", "1-b"), HELD);
      expect(await rowOf(jobs)).not.toEqual(before);
    });

    it("results under load share statements", async () => {
      const { client, store } = await fresh("load");
      const next = Array.from({ length: 500 }, (_, index) => result(`job-${index}`));
      const sender = async () => {
        for (let delivery = next.pop(); delivery !== undefined; delivery = next.pop()) {
          expect((await store.ingest(delivery, HELD)).kind).toBe("leased");
        }
      };
      await Promise.all(Array.from({ length: 64 }, sender));
      expect(client.statements.length).toBeLessThan(250);
      expect(await store.stats()).toMatchObject({ leased: 500 });
    });

    it("equal results that arrive together are sent as one row", async () => {
      const { client, store } = await fresh("equal");
      const send = (count: number, fingerprint?: string, binding?: string) =>
        Array.from({ length: count }, () =>
          store.ingest({ ...result("a", fingerprint), ...(binding && { binding }) }, HELD),
        );
      const first = await Promise.all(send(300));
      expect(tally(first)).toEqual({ leased: 1, duplicate: 299 });
      expect(first[1]).toEqual({ kind: "duplicate", state: "leased" });
      expect(client.statements).toHaveLength(1);

      const mixed = [...send(100), ...send(50, "1-b"), ...send(10, "1-a", "x"), ...send(5, "1-c")];
      expect(tally(await Promise.all(mixed))).toEqual({ duplicate: 110, conflict: 55 });
      expect(client.statements.length).toBeLessThan(10);
      expect((await store.get("a"))?.conflicts).toBe(55);
    });

    it('a binding of the text "undefined" is not taken for a missing binding', async () => {
      const { store } = await fresh("tokens");
      await store.expect("a", { pollAfterMs: 1_000, giveUpAfterMs: 2_000, binding: "mine" });
      const answers = await Promise.all([
        store.ingest(result("a"), HELD),
        store.ingest({ ...result("a"), binding: "undefined" }, HELD),
      ]);
      expect(answers).toMatchObject([{ kind: "leased" }, { kind: "conflict", reason: "binding" }]);
    });

    it("each unrecognised delivery is sent alone, because it has no fingerprint to compare", async () => {
      const { client, store } = await fresh("unknown");
      const { fingerprint, ...unknown } = result("a");
      const answers = await Promise.all([1, 2, 3].map(() => store.ingest(unknown, HELD)));
      expect(tally(answers)).toEqual({ parked: 1, duplicate: 2 });
      expect(client.statements.length).toBeGreaterThanOrEqual(3);
    });

    it("one of 1000 simultaneous duplicates over 50 connections is leased", async () => {
      const { store } = await fresh("race");
      // Stores do not share batches, so each result has its own statement.
      const answers = await Promise.all(
        Array.from({ length: 1_000 }, () =>
          postgresStore({ client: on.database.client, namespace: "race" }).ingest(
            result("a"),
            HELD,
          ),
        ),
      );
      expect(tally(answers)).toEqual({ leased: 1, duplicate: 999 });
      expect(await store.get("a")).toMatchObject({ fence: 1, attempts: 1, conflicts: 0 });
    });

    it("batches of several instances in opposite orders cause no deadlock", async () => {
      const { client, store } = await fresh("crosswise");
      const ids = Array.from({ length: 50 }, (_, index) => `job-${index}`);
      const answers = await crosswise(client, "crosswise", ids);
      expect(tally(answers)).toEqual({ leased: 50, conflict: 950 });
      expect(client.refusals).toEqual([]);
      const { records } = await store.list({ limit: 100 });
      expect(records.map(({ conflicts }) => conflicts)).toEqual(Array(50).fill(19));
    });

    it("batches of new and known jobs in opposite orders cause no deadlock", async () => {
      const { client, store } = await fresh("crosswise_known");
      const ids = Array.from({ length: 50 }, (_, index) => `job-${index}`);
      for (const id of ids.filter((_, index) => index % 2 === 0)) {
        await store.ingest(result(id, "1-known"), HELD);
      }
      const answers = await crosswise(client, "crosswise_known", ids);
      expect(tally(answers)).toEqual({ leased: 25, conflict: 975 });
      expect(client.refusals).toEqual([]);
    });

    it("a bad row does not fail the other rows of its batch", async () => {
      const { store } = await fresh("bad");
      const bad = { ...result("bad"), payload: "\0" };
      const [good, refused] = await Promise.allSettled([
        store.ingest(result("good"), HELD),
        store.ingest(bad, HELD),
      ]);
      expect(good).toMatchObject({ value: { kind: "leased" } });
      expect(refused).toMatchObject({ reason: { code: "store_unavailable" } });
    });

    it("an error text is kept, whatever characters it has", async () => {
      const { store } = await fresh("words");
      await store.ingest(result("a"), HELD);
      const lease = { jobId: "a", fence: 1 };
      await store.settle(lease, { to: "retry", delayMs: 0, error: "a\0b\ud800c" });
      expect((await store.get("a"))?.error).toBe("a\ufffdb\ufffdc");
    });

    it("keepPayload: false drops the payload of a done job", async () => {
      await fresh("dropped");
      const { client } = on.database;
      const store = postgresStore({ client, namespace: "dropped", keepPayload: false });
      for (const [jobId, confirmed] of [
        ["a", undefined],
        ["b", { payload: "{}", fingerprint: "1-c" }],
      ] as const) {
        await store.ingest(result(jobId), HELD);
        expect((await store.get(jobId))?.payload).toBeDefined();
        await store.settle(
          { jobId, fence: 1 },
          { to: "done", ...(confirmed && { result: confirmed }) },
        );
        expect(await store.get(jobId)).not.toHaveProperty("payload");
      }
      expect((await store.ingest(result("b", "1-c"), HELD)).kind).toBe("duplicate");
    });
  },
  50,
);
