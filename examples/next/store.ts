import { memoryStore, type JobStore } from "@abstrakt-webhooks/next";
import { redisStore } from "@abstrakt-webhooks/store-redis";
import { Redis } from "@upstash/redis";

/** On a serverless host: Redis over HTTP. Without its variables, on one machine: this process. */
export function openStore(): JobStore {
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = process.env;
  // On purpose: what was accepted lives as long as the process, so it drains before it ends.
  if (!url || !token) return memoryStore();
  // The sender comes again: a second try could only meet what the first has written.
  return redisStore({ client: new Redis({ url, token, retry: false }) });
}
