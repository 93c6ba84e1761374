import { memoryStore, type JobStore } from "@abstrakt-webhooks/next";
import { redisStore } from "@abstrakt-webhooks/store-redis";
import { Redis } from "@upstash/redis";

/** Redis over HTTP if the variables of Upstash are set, else the memory of this process. */
export function openStore(): JobStore {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = process.env;
  // Accepted results are lost when the process ends, so `startOnBoot` drains the receiver first.
  if (!url || !token) return memoryStore();
  // No retries: a repeated command finds the row of the first one, and so looks like a duplicate.
  return redisStore({ client: new Redis({ url, token, retry: false }) });
}
