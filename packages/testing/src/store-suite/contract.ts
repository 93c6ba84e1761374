import { equal, ok } from "../assert.ts";
import type { Declared, TestCase } from "./test-case.ts";

/** Compares the store's traits and methods with the declared capabilities. */
export function contractTests(test: TestCase, declared: Declared): void {
  test("the store has the declared methods, and no others", async ({ store, harness }) => {
    const has = (...names: string[]) =>
      names.map((name) => typeof Reflect.get(store, name) === "function");
    equal(
      has("ingest", "claim", "settle", "get", "nextDueInMs", "prune"),
      [true, true, true, true, true, true],
      "the methods of JobStore",
    );
    equal(
      has("expect", "claimPolls", "settlePoll"),
      Array(3).fill(declared.expectedJobs),
      "the methods of ExpectedJobs",
    );
    equal(
      has("list", "redrive", "stats"),
      Array(3).fill(declared.deadLetters),
      "the methods of DeadLetters",
    );
    // A store with `settleIn` may go without these tests, because its transactions need a driver.
    if (declared.transactions) equal(has("settleIn"), [true], "the method of Transactional");
    equal(harness.transaction !== undefined, declared.transactions, "`transaction` is given");
    equal(harness.another !== undefined, declared.shared, "`another` is given");
    equal(harness.otherNamespace !== undefined, declared.namespaces, "`otherNamespace` is given");
  });

  test(
    "the traits have the retention of the options",
    async ({ store, ms }) => {
      equal(store.traits.doneTtlMs, ms(40), "doneTtlMs");
      equal(store.traits.deadTtlMs, ms(50), "deadTtlMs");
      equal(typeof store.traits.durable, "boolean", "typeof durable");
      equal(typeof store.traits.shared, "boolean", "typeof shared");
    },
    { boot: { doneTtl: 40, deadTtl: 50 } },
  );

  test("ready, where there is one, resolves and changes nothing", async ({
    store,
    leased,
    record,
  }) => {
    await store.ready?.();
    equal(await store.nextDueInMs(), undefined, "nextDueInMs");
    await leased("job");
    const { dueInMs: _before, ...before } = await record("job");
    await Promise.all([store.ready?.(), store.ready?.()]);
    const { dueInMs: _after, ...after } = await record("job");
    equal(after, before, "the row");
  });

  test(
    "ready, where there is one, rejects when the store is full",
    async ({ store, leased }) => {
      await leased("1");
      if (store.ready === undefined) return;
      const code = await store.ready().then(
        () => "none",
        (thrown: unknown) => (thrown as { code?: unknown }).code,
      );
      equal(code, "store_unavailable", "the error's code");
    },
    { needs: ["bounded"], boot: { maxLive: 1 } },
  );

  test("inspect, where there is one, returns each warning as a sentence", async ({ store }) => {
    const { warnings } = (await store.inspect?.()) ?? { warnings: [] };
    ok(
      warnings.every((warning) => typeof warning === "string" && warning !== ""),
      "each warning to be a sentence",
    );
  });

  test("an empty store has nothing due and nothing to prune", async ({ store, claim }) => {
    equal(await store.nextDueInMs(), undefined, "nextDueInMs");
    equal(await store.prune({ limit: 10 }), 0, "rows pruned");
    equal(await claim(), [], "rows claimed");
    equal(await store.get("nobody"), undefined, "the row of an unknown job");
  });
}
