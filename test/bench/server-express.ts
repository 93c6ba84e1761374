import {
  abstraktWebhook,
  createReceiver,
  memoryStore,
  refetch,
  signedUrl,
  standardWebhooks,
  type JobResult,
  type JobStore,
  type ReceiverOptions,
} from "@abstrakt-webhooks/express";
import express from "express";
import { STANDARD_SECRET } from "./delivery.ts";
import { PATH, type Mounted, type Save } from "./mounted.ts";

/** The handler of the provider's documentation, without its console output. */
export function documented(save: Save): Mounted {
  const app = express();
  app.post(PATH, express.json(), (req, res) => {
    const { job_id, status, output } = req.body;
    if (status === "succeeded") {
      const imageUrl = output?.items?.[0]?.url;
      if (imageUrl) save(job_id);
    }
    res.status(200).json({ received: true });
  });
  return { listener: app };
}

export const withMemory = (save: Save): Mounted => mount(memoryStore(), save);

export const withSignature = (save: Save): Mounted =>
  mount(memoryStore(), save, { auth: standardWebhooks({ secrets: [STANDARD_SECRET] }) });

export async function withSignedUrl(save: Save): Promise<Mounted> {
  const auth = signedUrl({ secrets: ["s".repeat(32)], url: `http://localhost${PATH}` });
  const minted = new URL((await auth.mint({ ref: "order-42" })).url);
  return { ...mount(memoryStore(), save, { auth }), path: minted.pathname + minted.search };
}

/** The API answers from memory, in a turn of its own: what is measured is the receiver. */
export function withRefetch(save: Save): Mounted {
  const getJob = async (jobId: string): Promise<JobResult> => {
    await new Promise((resolve) => setImmediate(resolve));
    return { ...RESULT, job_id: jobId };
  };
  return mount(memoryStore(), save, { auth: refetch({ client: { getJob } }) });
}

/** So many callbacks are pending from the start, and never return. */
export function withPending(pending: number) {
  return async (save: Save): Promise<Mounted> => {
    const receiver = createReceiver({
      auth: "none",
      limits: { concurrency: 1_100 },
      onSucceeded: (job) =>
        job.job_id.startsWith("pending") ? new Promise(() => undefined) : save(job.job_id),
    });
    for (let index = 0; index < pending; index += 1) {
      await receiver.ingest({ ...RESULT, job_id: `pending_${index}` });
    }
    const app = express();
    app.post(PATH, abstraktWebhook(receiver));
    // The receiver is never idle. Callbacks start in the turn after their answer.
    return { listener: app, idle: () => new Promise((resolve) => setTimeout(resolve, 50)) };
  };
}

const RESULT = { status: "succeeded", output: { type: "image", items: [] } } as const;

/** The adapter over a store. */
export function mount(
  store: JobStore,
  save: Save,
  options: Partial<ReceiverOptions> = {},
): Mounted {
  const app = express();
  const webhook = abstraktWebhook({
    auth: "none",
    store,
    onSucceeded: (job) => save(job.job_id),
    // What it would warn of on the console is known here.
    ...(store.traits.durable && { onEvent: () => undefined }),
    ...options,
  });
  app.post(PATH, webhook);
  return {
    listener: app,
    idle: () => webhook.receiver.idle(),
    ...(store.traits.durable && {
      holds: async (jobId) => (await store.get(jobId)) !== undefined,
    }),
  };
}
