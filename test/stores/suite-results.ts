import { runStoreSuite, type BootStore, type StoreCapabilities } from "@abstrakt-webhooks/testing";

/** What a run of the suite came to. Names are `topic > test`. */
export interface Collected {
  readonly passed: string[];
  readonly failed: string[];
  readonly skipped: string[];
}

/** Runs the store suite without a test runner. */
export async function collect(
  boot: BootStore,
  capabilities: StoreCapabilities,
): Promise<Collected> {
  const tests: { name: string; run: () => void | Promise<void> }[] = [];
  const collected: Collected = { passed: [], failed: [], skipped: [] };
  let topic = "";
  runStoreSuite(
    {
      describe(name, define) {
        topic = name;
        define();
      },
      it: (name, run) => void tests.push({ name: `${topic} > ${name}`, run }),
      skip: (name) => void collected.skipped.push(`${topic} > ${name}`),
    },
    boot,
    capabilities,
  );
  for (const { name, run } of tests) {
    try {
      await run();
      collected.passed.push(name);
    } catch {
      collected.failed.push(name);
    }
  }
  return collected;
}
