import type { Defined } from "../defined.ts";
import { skipVisibly, type TestApi } from "../test-api.ts";
import { createTestEndpoint, type TestEndpoint } from "./test-endpoint.ts";
import type { AdapterSetup } from "./setup.ts";
import type { AdapterCapabilities, BootAdapter } from "./target.ts";

type Capability = Exclude<keyof AdapterCapabilities, "patienceMs">;

/** The reason that a skipped test gives for each missing capability. */
const MISSING: Record<Capability, string> = {
  connections: "the target has no `oneConnection`",
  uncaught: "the target has no `uncaught`",
};

/** Registers one test on a new endpoint. */
export type TestCase = (
  name: string,
  setup: AdapterSetup,
  run: (endpoint: TestEndpoint) => Promise<void>,
  needs?: Capability,
) => void;

/** Makes the function that registers tests, for this runner, target and capabilities. */
export function createTestCase(
  api: TestApi,
  boot: BootAdapter,
  declared: Required<Defined<AdapterCapabilities>>,
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
