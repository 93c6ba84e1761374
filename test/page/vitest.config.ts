import { defineConfig } from "vitest/config";

const conditions = ["@abstrakt-webhooks/source", "node"];
const report = process.env["TEST_REPORT"];

/** The inspector in a real browser. */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ["node"] } },
  test: {
    root: import.meta.dirname,
    include: ["*.test.ts"],
    // One browser at a time.
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
  },
});
