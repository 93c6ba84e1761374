import { memoryStore, refetch, signedUrl, type JobResult } from "@abstrakt-webhooks/express";
import type { AuthName } from "./comparisons.ts";
import { PATH, type Servers } from "./mounted.ts";
import { mount } from "./server-express.ts";

/** Both sides post to a URL of the same length, so that only the check differs. */
const signed: Servers = {
  baseline: async (save) => ({ ...mount(memoryStore(), save), path: (await mint()).path }),
  async ours(save) {
    const { auth, path } = await mint();
    return { ...mount(memoryStore(), save, { auth }), path };
  },
};

async function mint() {
  const url = `http://localhost${PATH}`;
  const auth = signedUrl({ secrets: ["s".repeat(32)], url });
  const minted = new URL((await auth.mint({ ref: "order-42" })).url);
  return { auth, path: minted.pathname + minted.search };
}

/** An API that answers from memory, in a turn of its own: what is measured is the receiver. */
const getJob = async (jobId: string): Promise<JobResult> => {
  await new Promise((resolve) => setImmediate(resolve));
  return {
    job_id: jobId,
    status: "succeeded",
    output: { type: "image", items: [] },
  };
};

const asked: Servers = {
  baseline: (save) => mount(memoryStore(), save),
  ours: (save) => mount(memoryStore(), save, { auth: refetch({ client: { getJob } }) }),
};

export const serversBehind: Record<AuthName, Servers> = { signed, refetch: asked };
