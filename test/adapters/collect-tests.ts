import type { TestApi } from "@abstrakt-webhooks/testing";

/** Collects the tests of a suite by their full names, without running them. */
export function collectTests(register: (api: TestApi) => void): Map<string, () => Promise<void>> {
  const tests = new Map<string, () => Promise<void>>();
  const path: string[] = [];
  register({
    describe(name, define) {
      path.push(name);
      define();
      path.pop();
    },
    it(name, run) {
      const title = [...path, name].join(" > ");
      if (tests.has(title)) throw new Error(`Two tests are called ${title}`);
      tests.set(title, async () => run());
    },
  });
  return tests;
}
