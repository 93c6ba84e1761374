import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// Vitest hands them to Node as well, where "import" would make `require` load ESM.
const conditions = ["@abstrakt-webhooks/source", "node"];

// Where `.ci/run` wants the results as JSON.
const report = process.env["TEST_REPORT"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ["node"] } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "test/**/*.test.ts", "examples/**/*.test.ts"],
    exclude: [
      "**/node_modules/**",
      "**/dist/**",
      "**/.next/**",
      // Commands of their own: they need a build, other runtimes, or much time.
      "test/package/**",
      "test/mutants/**",
      "test/page/**",
      "test/runtimes/**",
      "test/next/**",
      "test/integrations/**",
      "test/adapters/next-start.test.ts",
      "examples/{bun,deno,hono-workers,nats,rabbitmq,graphile-worker}/**",
      "examples/next/test/next-webpack.test.ts",
    ],
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
    typecheck: {
      enabled: true,
      include: ["test/types/*.test-d.ts"],
      tsconfig: "test/types/tsconfig.json",
    },
    // Of two cores vitest would use one, and most tests wait for something.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 30_000,
    // What a test waits for comes late on a busy machine.
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 60_000,
  },
});
