/**
 * The test runner that a suite registers its tests with. `vitest`, `bun:test`, `node:test` and
 * Deno's `std/testing/bdd` fit. Where no runner exists, write an object that collects the tests.
 */
export interface TestApi {
  describe(name: string, define: () => void): void;
  it(name: string, run: () => void | Promise<void>): void;
  /** Registers a skipped test. Without `skip`, an empty test is registered; its name says so. */
  skip?(name: string, run: () => void | Promise<void>): void;
}

/** Registers a test that cannot run here as skipped, with the reason in its name. */
export function skipVisibly(api: TestApi, name: string, missing: string): void {
  const title = `${name} (skipped: ${missing})`;
  if (api.skip === undefined) api.it(title, () => {});
  else api.skip(title, () => {});
}
