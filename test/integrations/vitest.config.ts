import { defineConfig } from "vitest/config";

const report = process.env["TEST_REPORT"];
const conditions = ["@abstrakt-webhooks/source", "node"];

/**
 * Tests with other projects' servers and SDKs, each in its own folder; they need `tsc -b` first.
 */
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ["node"] } },
  test: {
    root: `${import.meta.dirname}/../..`,
    include: [
      "test/integrations/**/*.test.ts",
      "examples/{nats,rabbitmq,graphile-worker}/test/*.test.ts",
    ],
    globalSetup: "test/integrations/install.ts",
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
  },
});
