/**
 * The test runner with which a suite registers its tests: `vitest`, `bun:test`, `node:test` or
 * Deno's `std/testing/bdd`. If there is no runner, write an object that collects the tests.
 */
export interface TestApi {
  describe(name: string, define: () => void): void;
  it(name: string, run: () => void | Promise<void>): void;
  /** Registers a skipped test. Without `skip`, an empty test is registered; its name says so. */
  readonly skip?: ((name: string, run: () => void | Promise<void>) => void) | undefined;
}

/** Registers a test that cannot run here as skipped, with the reason in its name. */
export function skipVisibly(api: TestApi, name: string, missing: string): void {
  const title = `${name} (skipped: ${missing})`;
  if (api.skip === undefined) api.it(title, () => {});
  else api.skip(title, () => {});
}
