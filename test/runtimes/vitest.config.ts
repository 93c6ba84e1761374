import { defineConfig } from "vitest/config";

const report = process.env["TEST_REPORT"];

/** Tests that need other runtimes than Node's own; they need `tsc -b` first. */
export default defineConfig({
  test: {
    root: `${import.meta.dirname}/../..`,
    include: ["test/runtimes/**/*.test.ts", "examples/{bun,deno,hono-workers}/test/*.test.ts"],
    globalSetup: "test/runtimes/install.ts",
    testTimeout: 180_000,
    hookTimeout: 300_000,
    // The runtimes run one at a time.
    fileParallelism: false,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
  },
});
