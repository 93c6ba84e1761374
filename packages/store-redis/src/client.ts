/** The members of an ioredis `Redis` or `Cluster` that this store uses. */
export interface IoredisClient {
  readonly status: string;
  call(command: string, ...args: (string | number)[]): Promise<unknown>;
}

/** The members of a node-redis client, pool, cluster or Sentinel client that this store uses. */
export interface NodeRedisClient {
  readonly isOpen: boolean;
  evalSha(sha: string, options: ScriptInput): Promise<unknown>;
  eval(script: string, options: ScriptInput): Promise<unknown>;
}

/** The members of `@upstash/redis` that this store uses. */
export interface UpstashClient {
  evalsha(sha: string, keys: string[], args: string[]): Promise<unknown>;
  eval(script: string, keys: string[], args: string[]): Promise<unknown>;
}

/** A client of ioredis, node-redis or `@upstash/redis`. The store recognises it by its methods. */
export type RedisClient = IoredisClient | NodeRedisClient | UpstashClient;

interface ScriptInput {
  keys: string[];
  arguments: string[];
}
