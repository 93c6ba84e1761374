import { memoryStore, type JobStore } from "@abstrakt-webhooks/next";
import { redisStore } from "@abstrakt-webhooks/store-redis";
import { Redis } from "@upstash/redis";

/** With the variables of Upstash: Redis over HTTP. Without them: the memory of this process. */
export function openStore(): JobStore {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = process.env;
  // Accepted results are lost when the process ends, so it drains the receiver first.
  if (!url || !token) return memoryStore();
  // No retries: a second try would only find what the first has written. The sender repeats.
  return redisStore({ client: new Redis({ url, token, retry: false }) });
}
