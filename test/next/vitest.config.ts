import { defineConfig } from "vitest/config";

const report = process.env["TEST_REPORT"];

/** Tests of the packed packages inside Next and other bundlers; they need `tsc -b` first. */
export default defineConfig({
  test: {
    root: `${import.meta.dirname}/../..`,
    include: [
      "test/next/*.test.ts",
      "test/adapters/next-start.test.ts",
      "examples/next/test/next-webpack.test.ts",
    ],
    globalSetup: "test/next/pack.ts",
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // A build takes all cores.
    fileParallelism: false,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
  },
});
