import type { TestApi } from "../test-api.ts";
import { skipVisibly } from "../test-api.ts";
import type { BootStore, StoreBootOptions, StoreCapabilities } from "./harness.ts";
import { createTestBackend, type TestBackend } from "./test-backend.ts";

type Capability = Exclude<keyof StoreCapabilities, "unitMs">;

/** What a store that lacks a capability is told it lacks. */
const MISSING: Record<Capability, string> = {
  expectedJobs: "the store has no ExpectedJobs: expect, claimPolls, settlePoll",
  deadLetters: "the store has no DeadLetters: list, redrive, stats",
  bounded: "the store has no maxLive",
  shared: "the harness has no `another`",
  namespaces: "the harness has no `otherNamespace`",
};

export interface CaseOptions {
  readonly needs?: readonly Capability[];
  /** Retention and bounds of the backend. Durations in units. */
  readonly boot?: { doneTtl?: number; deadTtl?: number; maxLive?: number };
}

/** Registers one test on a fresh backend. */
export type TestCase = (
  name: string,
  run: (backend: TestBackend) => Promise<void>,
  options?: CaseOptions,
) => void;

export type Declared = Required<StoreCapabilities>;

/** Binds the runner, the backend and what it can do into one way to write tests. */
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
