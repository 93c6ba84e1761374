import { randomBytes } from "node:crypto";
import { Redis } from "ioredis";

/** Namespaces for one test file, on a server that others may use. */
export interface TestRedis {
  /** A namespace that no other test uses. */
  namespace(): string;
  /** Makes everything in a namespace older. */
  elapse(namespace: string, ms: number): Promise<void>;
  /** Removes everything in a namespace. */
  clear(namespace: string): Promise<void>;
  /** A connection that reads what the store has written. */
  readonly admin: Redis;
  /** Removes the namespaces and ends the connection. */
  close(): Promise<void>;
}

/** Connects when first used, so that tests which are skipped can be named. */
export function openRedis(url: string): TestRedis {
  const admin = new Redis(url, { lazyConnect: true });
  const prefix = `test-${randomBytes(6).toString("hex")}`;
  let count = 0;
  const remove = async (pattern: string): Promise<void> => {
    const keys = await admin.keys(pattern);
    await Promise.all(keys.map((key) => admin.unlink(key))); // a cluster refuses several keys at once
  };
  return {
    namespace: () => `${prefix}.${(count += 1)}`,
    async elapse(namespace, ms) {
      await admin.eval(AGE, 0, ms, `{${namespace}}:*`);
    },
    clear: (namespace) => remove(`{${namespace}}:*`),
    admin,
    async close() {
      await remove(`{${prefix}.*`);
      admin.disconnect();
    },
  };
}

/**
 * A server's clock cannot be set forward, so the stored times are set back instead: times in
 * indexes and rows, and the time until keys expire.
 */
const AGE = `
local ms = tonumber(ARGV[1])
for _, key in ipairs(redis.call('KEYS', ARGV[2])) do
  local left = redis.call('PTTL', key)
  if left >= 0 and left <= ms then
    redis.call('DEL', key)
  elseif left >= 0 then
    redis.call('PEXPIRE', key, left - ms)
  end
  if key:find('}:job:', 1, true) then
    for _, field in ipairs({ 'received', 'settled', 'giveup_at' }) do
      if redis.call('HEXISTS', key, field) == 1 then redis.call('HINCRBY', key, field, -ms) end
    end
  elseif not key:find(':live$') and not key:find(':over$') then
    local entries = redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
    for i = 1, #entries, 2 do redis.call('ZADD', key, entries[i + 1] - ms, entries[i]) end
  end
end`;
