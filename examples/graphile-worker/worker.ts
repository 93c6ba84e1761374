import type { JobResult } from "@abstrakt-webhooks/express";
import { Logger, run } from "graphile-worker";
import { pool } from "./database.ts";

const runner = await run({
  pgPool: pool,
  concurrency: 5,
  pollInterval: 1_000,
  logger: new Logger(() => () => undefined),
  noHandleSignals: true,
  taskList: {
    // graphile-worker runs this task again if it throws, and after a crash. So write by `job_id`.
    handle_result: (payload) => {
      const result = payload as JobResult;
      if (result.status === "succeeded") {
        console.log(`${result.job_id} succeeded: ${result.output.items[0]?.url ?? "no file"}`);
      } else {
        console.log(`${result.job_id} failed: ${result.error.message}`);
      }
    },
  },
});

process.once("SIGTERM", async () => {
  await runner.stop();
  await pool.end();
  process.exit();
});
