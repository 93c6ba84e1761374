import { checkedStore } from "./checked-store.ts";
import type { TestBackend } from "./test-backend.ts";
import type { CaseOptions, TestCase } from "./test-case.ts";

/** The instance that the nth client uses. */
export type Pick = (index: number) => TestBackend["store"];

/** Registers a test of calls that run at once: on one instance, and on two. */
export type RaceCase = (
  name: string,
  run: (backend: TestBackend, pick: Pick) => Promise<void>,
  options?: CaseOptions,
) => void;

/** Makes the function that registers races. Two instances need the capability `shared`. */
export const createRaceCase =
  (test: TestCase): RaceCase =>
  (name, run, options = {}) => {
    test(name, (backend) => run(backend, () => backend.store), options);
    test(
      `${name} (two instances)`,
      async (backend) => {
        const other = await backend.harness.another?.();
        const stores = [
          backend.store,
          checkedStore((other ?? backend.store) as typeof backend.store),
        ];
        try {
          await run(backend, (index) => stores[index % 2] ?? backend.store);
        } finally {
          await other?.close?.();
        }
      },
      { ...options, needs: ["shared", ...(options.needs ?? [])] },
    );
  };
