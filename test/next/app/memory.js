import { memoryStore, sharedReceiver } from "@abstrakt-webhooks/next";
import { log } from "./log.js";

let submitted = 0;

/** Results in memory: a page and a route see the same ones only if they share the receiver. */
export const receiver = sharedReceiver(
  "memory",
  { onSucceeded: ({ job_id: jobId }, { ref }) => log({ event: "handled", jobId, ref }) },
  () => ({
    auth: "none",
    store: memoryStore(),
    client: {
      run: async () => ({ job_id: `submitted-${(submitted += 1)}`, status: "processing" }),
      getJob: async (jobId) => ({ job_id: jobId, status: "processing" }),
    },
  }),
);
