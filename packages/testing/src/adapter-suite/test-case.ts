import { skipVisibly, type TestApi } from "../test-api.ts";
import { createTestEndpoint, type TestEndpoint } from "./test-endpoint.ts";
import type { AdapterSetup } from "./setup.ts";
import type { AdapterCapabilities, BootAdapter } from "./target.ts";

type Capability = Exclude<keyof AdapterCapabilities, "patienceMs">;

/** What a target that lacks a capability is told it lacks. */
const MISSING: Record<Capability, string> = {
  connections: "the target has no `oneConnection`",
  uncaught: "the target has no `uncaught`",
};

/** Registers one test on a fresh endpoint. */
export type TestCase = (
  name: string,
  setup: AdapterSetup,
  run: (endpoint: TestEndpoint) => Promise<void>,
  needs?: Capability,
) => void;

/** Binds the runner, the target and what it can do into one way to write tests. */
export function createTestCase(
  api: TestApi,
  boot: BootAdapter,
  declared: Required<AdapterCapabilities>,
): TestCase {
  return (name, setup, run, needs) => {
    if (needs !== undefined && !declared[needs]) return skipVisibly(api, name, MISSING[needs]);
    api.it(name, async () => {
      const target = await boot(setup);
      try {
        await run(createTestEndpoint(target, declared.patienceMs));
      } finally {
        await target.release();
        await target.drain();
        await target.close?.();
      }
    });
  };
}
