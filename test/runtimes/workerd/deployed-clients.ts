import { createClient } from "@abstrakt-webhooks/client";
import type { JobClient } from "@abstrakt-webhooks/hono";
import { succeededPayload } from "@abstrakt-webhooks/testing";

/** The provider's answers, as they would arrive over the network. */
const submitted = () => ({ job_id: `job_${crypto.randomUUID()}`, status: "processing" });
const ended = (jobId: string) => ({ ...succeededPayload(), job_id: jobId });

const own = (): JobClient => ({
  run: async () => submitted(),
  getJob: async (jobId) => ended(jobId),
});

/** Each kind of client that a Worker may pass. */
export const clients = {
  made: () =>
    createClient({
      apiKey: "key",
      fetch: async (url, { method }) =>
        method === "POST"
          ? Response.json(submitted(), { status: 202 })
          : Response.json(ended(url.split("/").at(-1) ?? "")),
    }),
  own,
};
