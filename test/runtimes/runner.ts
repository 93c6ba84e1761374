import type { TestApi } from "@abstrakt-webhooks/testing";

/** The outcome of one test, and one line of a runtime's output. */
export interface Outcome {
  readonly test: string;
  readonly outcome: "passed" | "skipped" | "failed";
  readonly error?: string;
}

/** A test runner that needs only the language, so that every runtime runs the same one. */
export interface Runner {
  readonly api: TestApi;
  /** Runs the registered tests one after the other. */
  run(report: (outcome: Outcome) => void): Promise<void>;
}

export function createRunner(): Runner {
  const path: string[] = [];
  const tests: { name: string; run?: () => void | Promise<void> }[] = [];
  const titled = (name: string): string => [...path, name].join(" > ");
  return {
    api: {
      describe(name, define) {
        path.push(name);
        define();
        path.pop();
      },
      it: (name, run) => void tests.push({ name: titled(name), run }),
      skip: (name) => void tests.push({ name: titled(name) }),
    },
    async run(report) {
      for (const { name: test, run } of tests) {
        if (run === undefined) report({ test, outcome: "skipped" });
        else report({ test, ...(await outcomeOf(run)) });
      }
    },
  };
}

async function outcomeOf(run: () => void | Promise<void>): Promise<Omit<Outcome, "test">> {
  try {
    await run();
    return { outcome: "passed" };
  } catch (thrown) {
    const error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return { outcome: "failed", error };
  }
}
