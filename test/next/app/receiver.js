import { sharedReceiver } from "@abstrakt-webhooks/next";
import { sqliteStore } from "@abstrakt-webhooks/store-sqlite";
import { log } from "./log.js";
import { version } from "./version.js";

export { version };

/** Results in an SQLite file. A job named `fail-...` fails, and one named `slow-...` takes a second. */
export const receiver = sharedReceiver(
  "sqlite",
  {
    onSucceeded: async ({ job_id: jobId }, { attempt }) => {
      log({ event: "attempt", jobId, attempt, version });
      if (jobId.startsWith("fail-")) throw new Error("it fails, as it should");
      if (jobId.startsWith("slow-")) await new Promise((resolve) => setTimeout(resolve, 1_000));
      log({ event: "handled", jobId });
    },
    onEvent: ({ type, error }) => {
      if (type === "warning") log({ event: "warning", message: error.message });
    },
  },
  () => ({
    auth: "none",
    store: sqliteStore(process.env.JOBS_FILE),
    retry: { minDelayMs: 50, maxDelayMs: 100, maxAttempts: 100_000 },
  }),
);

// This also runs while `next build` evaluates this module; then it must do nothing.
receiver.start();
