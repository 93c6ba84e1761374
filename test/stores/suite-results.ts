import { runStoreSuite, type BootStore, type StoreCapabilities } from "@abstrakt-webhooks/testing";

/** The results of a run of the suite. Names are `topic > test`. */
export interface SuiteResults {
  readonly passed: string[];
  readonly failed: string[];
  readonly skipped: string[];
  /** The error text of each failed test. */
  readonly messages: string[];
}

/** Runs the store suite without a test runner. */
export async function suiteResults(
  boot: BootStore,
  capabilities: StoreCapabilities,
): Promise<SuiteResults> {
  const tests: { name: string; run: () => void | Promise<void> }[] = [];
  const results: SuiteResults = { passed: [], failed: [], skipped: [], messages: [] };
  let topic = "";
  runStoreSuite(
    {
      describe(name, define) {
        topic = name;
        define();
      },
      it: (name, run) => void tests.push({ name: `${topic} > ${name}`, run }),
      skip: (name) => void results.skipped.push(`${topic} > ${name}`),
    },
    boot,
    capabilities,
  );
  for (const { name, run } of tests) {
    try {
      await run();
      results.passed.push(name);
    } catch (thrown) {
      results.failed.push(name);
      results.messages.push(thrown instanceof Error ? thrown.message : String(thrown));
    }
  }
  return results;
}
