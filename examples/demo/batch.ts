import type { SubmittedJob } from "@abstrakt-webhooks/core";
import type { ForcedPlan } from "@abstrakt-webhooks/testing/simulator";

/** Where a client reaches the provider, and with which key. */
export interface Provider {
  readonly baseUrl: string;
  readonly apiKey: string;
}

/** A job that the demo has submitted. */
export interface Submitted {
  readonly jobId: string;
  readonly media: string;
  /** What the simulator does with the result. */
  readonly fate: ForcedPlan;
}

const times = (count: number, media: string, fate: ForcedPlan): Omit<Submitted, "jobId">[] =>
  Array.from({ length: count }, () => ({ media, fate }));

/** The jobs that the demo submits, and what the simulator does with each result. */
export const batch = [
  ...times(10, "image", { deliveries: ["normal"] }),
  ...times(4, "video", { deliveries: ["normal"] }),
  ...times(3, "audio", { deliveries: ["normal"] }),
  ...times(3, "image", { status: "failed" }),
  ...times(1, "video", { status: "failed" }),
  ...times(3, "image", { deliveries: ["normal", "duplicate"] }),
  ...times(2, "video", { deliveries: ["normal", "duplicate", "duplicate"] }),
  ...times(1, "audio", { deliveries: ["normal", "duplicate"] }),
  ...times(2, "image", { deliveries: ["late"] }),
  ...times(1, "video", { deliveries: ["late"] }),
  ...times(2, "image", { deliveries: ["corrupt", "normal"] }),
  ...times(1, "video", { deliveries: ["normal", "conflict"] }),
  ...times(1, "image", { status: "failed", deliveries: ["normal", "conflict"] }),
  ...times(2, "image", { deliveries: [] }),
  ...times(1, "audio", { deliveries: [] }),
];

/** Submits all jobs one after another, so that the same seed gives the same jobs. */
export async function submitBatch(
  provider: Provider,
  webhookUrl: string,
  onSubmitted: (job: Submitted) => void,
): Promise<Submitted[]> {
  const submitted: Submitted[] = [];
  for (const { media, fate } of batch) {
    const job = await submit(provider, `simulated-${media}`, {
      input: { prompt: `a ${media} of the sea`, simulate: fate },
      webhook_url: webhookUrl,
    });
    const entry = { jobId: job.job_id, media, fate };
    onSubmitted(entry);
    submitted.push(entry);
  }
  return submitted;
}

/** `GET /v1/jobs/{id}`. When the job has ended, this is the payload of the webhook. */
export async function getJob({ baseUrl, apiKey }: Provider, jobId: string): Promise<unknown> {
  const response = await fetch(`${baseUrl}/v1/jobs/${jobId}`, {
    headers: { authorization: `Bearer ${apiKey}` },
  });
  return response.json();
}

async function submit(provider: Provider, model: string, body: object): Promise<SubmittedJob> {
  const response = await fetch(`${provider.baseUrl}/v1/models/${model}/run`, {
    method: "POST",
    headers: { authorization: `Bearer ${provider.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.status !== 202) {
    throw new Error(
      `Expected 202 for a submission, got ${response.status}: ${await response.text()}`,
    );
  }
  return (await response.json()) as SubmittedJob;
}
