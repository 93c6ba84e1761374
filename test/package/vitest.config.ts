import { defineConfig } from "vitest/config";

const report = process.env["TEST_REPORT"];

/** Tests of the built and packed packages; they need `tsc -b` first. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["*.test.ts"],
    globalSetup: "./install.ts",
    testTimeout: 120_000,
    hookTimeout: 300_000,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
  },
});
