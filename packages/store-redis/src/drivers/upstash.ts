import type { UpstashClient } from "../client.ts";
import type { Driver } from "../driver.ts";
import { has } from "./emitter.ts";

/** Makes a driver of `@upstash/redis`. It sends commands by HTTP, so it has no connection. */
export function upstashDriver(client: unknown): Driver | undefined {
  if (!has(client, "evalsha", "eval", "scriptLoad")) return undefined;
  const redis = client as UpstashClient;
  return {
    evalsha: (sha, keys, args) => redis.evalsha(sha, keys, args),
    eval: (script, keys, args) => redis.eval(script, keys, args),
    isOneConnection: false,
  };
}
