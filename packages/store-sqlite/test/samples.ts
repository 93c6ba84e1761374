import type { Delivery } from "@abstrakt-webhooks/core";

export const OWNER = { owner: "test", leaseMs: 60_000 };

export const result = (jobId: string, letter = "a"): Delivery & { fingerprint: string } => ({
  jobId,
  fingerprint: `1-${letter}`,
  payload: `{"result":"${letter}"}`,
  source: "webhook",
});
