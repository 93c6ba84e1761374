/**
 * The test runner a suite registers its tests with. `vitest`, `bun:test`, `node:test` and Deno's
 * `std/testing/bdd` fit as they are; so does a collector of ten lines where no runner exists.
 */
export interface TestApi {
  describe(name: string, define: () => void): void;
  it(name: string, run: () => void | Promise<void>): void;
  /** Registers a test as skipped. Without it, skipped tests are registered empty, under a name that says so. */
  skip?(name: string, run: () => void | Promise<void>): void;
}

/** Shows a test that cannot run here, and what it lacks. */
export function skipVisibly(api: TestApi, name: string, missing: string): void {
  const title = `${name} (skipped: ${missing})`;
  if (api.skip === undefined) api.it(title, () => {});
  else api.skip(title, () => {});
}
