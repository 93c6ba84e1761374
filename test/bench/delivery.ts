import { createHmac } from "node:crypto";

/** The answer of most servers to a new result. */
export const ACCEPTED = '{"received":true}';

/** The secret of every signature, and the same as the Standard Webhooks libraries take it. */
export const SECRET = "a secret of at least 32 characters";
export const STANDARD_SECRET = `whsec_${Buffer.from(SECRET).toString("base64")}`;

/** Nobody signs, or somebody signs as Standard Webhooks says, or as GitHub does. */
export type Sender = "unsigned" | "standard" | "github";

/** What a sender posts for one job. */
export interface Post {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export const jobIdOf = (index: number): string => `job_${String(index).padStart(12, "0")}`;

export const postBy: Record<Sender, (index: number) => Post> = {
  unsigned: (index) => ({ body: `{${resultOf(jobIdOf(index))}}`, headers: JSON_ONLY }),
  standard: (index) => signedAsStandard(jobIdOf(index)),
  github: (index) => signedAsGithub(jobIdOf(index)),
};

const JSON_ONLY = { "content-type": "application/json" };

/** The documented success payload, as the provider posts it, without its braces. */
const resultOf = (jobId: string): string =>
  `"job_id":"${jobId}","status":"succeeded","output":{"type":"image","items":[{"type":"image","url":"https://cdn.abstrakt.one/outputs/${jobId}.png"}]},"credits_used":1,"completed_at":"2026-02-08T10:30:45Z"`;

/** Polar's library accepts its own events only, so every signed body has a small one beside the result. */
const signedBodyOf = (jobId: string): string =>
  `{${resultOf(jobId)},"type":"refund.created","timestamp":"2026-02-08T10:30:45Z","data":${refundOf(jobId)}}`;

const refundOf = (jobId: string): string =>
  `{"created_at":"2026-02-08T10:30:45Z","modified_at":null,"id":"${jobId}","metadata":{},"status":"succeeded","reason":"other","amount":1,"tax_amount":0,"currency":"usd","organization_id":"org","order_id":"order","subscription_id":null,"customer_id":"customer","revoke_benefits":false,"dispute":null}`;

function signedAsStandard(jobId: string): Post {
  const body = signedBodyOf(jobId);
  const seconds = Math.floor(Date.now() / 1_000);
  const signature = createHmac("sha256", SECRET)
    .update(`${jobId}.${seconds}.${body}`)
    .digest("base64");
  const headers = {
    ...JSON_ONLY,
    "webhook-id": jobId,
    "webhook-timestamp": `${seconds}`,
    "webhook-signature": `v1,${signature}`,
  };
  return { body, headers };
}

function signedAsGithub(jobId: string): Post {
  const body = signedBodyOf(jobId);
  const signature = createHmac("sha256", SECRET).update(body).digest("hex");
  const headers = {
    ...JSON_ONLY,
    "x-github-delivery": jobId,
    "x-github-event": "ping",
    "x-hub-signature-256": `sha256=${signature}`,
  };
  return { body, headers };
}
