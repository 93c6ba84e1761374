import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const conditions = ["@abstrakt-webhooks/source", "node"];
const source = (path: string): string =>
  fileURLToPath(new URL(`packages/${path}`, import.meta.url));

/** Copied into the staged folder, beside its packages. */
export default defineConfig({
  resolve: {
    conditions,
    alias: [
      { find: /^@abstrakt-webhooks\/core$/, replacement: source("core/src/index.ts") },
      { find: /^@abstrakt-webhooks\/core\/(.+)$/, replacement: source("core/src/$1.ts") },
      { find: /^@abstrakt-webhooks\/testing$/, replacement: source("testing/src/index.ts") },
      { find: /^@abstrakt-webhooks\/testing\/(.+)$/, replacement: source("testing/src/$1.ts") },
    ],
  },
  ssr: { resolve: { conditions, externalConditions: ["node"] } },
  test: {
    include: ["packages/core/test/**/*.test.ts", "test/stores/*.test.ts"],
    // It imports core within a test, so Stryker would run that test alone for what is static.
    exclude: ["**/shared-receiver-copies.test.ts"],
    testTimeout: 20_000,
    expect: { poll: { timeout: 15_000 } },
  },
});
