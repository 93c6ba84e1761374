import type { Defined } from "../defined.ts";
import type { TestApi } from "../test-api.ts";
import { skipVisibly } from "../test-api.ts";
import type { BootStore, StoreBootOptions, StoreCapabilities } from "./harness.ts";
import { createTestBackend, type TestBackend } from "./test-backend.ts";

type Capability = Exclude<keyof StoreCapabilities, "unitMs">;

/** The reason that a skipped test gives for each missing capability. */
const MISSING: Record<Capability, string> = {
  expectedJobs: "the store has no ExpectedJobs: expect, claimPolls, settlePoll",
  deadLetters: "the store has no DeadLetters: list, redrive, stats",
  bounded: "the store has no maxLive",
  shared: "the harness has no `another`",
  namespaces: "the harness has no `otherNamespace`",
  transactions: "the harness has no `transaction`",
};

export interface CaseOptions {
  readonly needs?: readonly Capability[];
  /** The retention and the maximum size of the backend. Durations in units. */
  readonly boot?: { doneTtl?: number; deadTtl?: number; maxLive?: number };
}

/** Registers one test on a new backend. */
export type TestCase = (
  name: string,
  run: (backend: TestBackend) => Promise<void>,
  options?: CaseOptions,
) => void;

export type Declared = Required<Defined<StoreCapabilities>>;

/** Makes the function that registers tests, for this runner, backend and capabilities. */
export function createTestCase(api: TestApi, boot: BootStore, declared: Declared): TestCase {
  const { unitMs } = declared;
  return (name, run, { needs = [], boot: wanted = {} } = {}) => {
    const missing = needs.find((capability) => !declared[capability]);
    if (missing !== undefined) return skipVisibly(api, name, MISSING[missing]);
    const options: StoreBootOptions = {
      ...(wanted.doneTtl !== undefined && { doneTtlMs: wanted.doneTtl * unitMs }),
      ...(wanted.deadTtl !== undefined && { deadTtlMs: wanted.deadTtl * unitMs }),
      ...(wanted.maxLive !== undefined && { maxLive: wanted.maxLive }),
    };
    api.it(name, async () => {
      const harness = await boot(options);
      try {
        await run(createTestBackend(harness, unitMs));
      } finally {
        await harness.close?.();
      }
    });
  };
}
