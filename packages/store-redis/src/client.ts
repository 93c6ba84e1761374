/** What this store uses of an ioredis client: `Redis` or `Cluster`. */
export interface IoredisClient {
  readonly status: string;
  call(command: string, ...args: (string | number)[]): Promise<unknown>;
}

/** What this store uses of a node-redis client: of `createClient`, `createClientPool`, `createCluster`. */
export interface NodeRedisClient {
  readonly isOpen: boolean;
  evalSha(sha: string, options: ScriptInput): Promise<unknown>;
  eval(script: string, options: ScriptInput): Promise<unknown>;
}

/** What this store uses of `@upstash/redis`. */
export interface UpstashClient {
  evalsha(sha: string, keys: string[], args: string[]): Promise<unknown>;
  eval(script: string, keys: string[], args: string[]): Promise<unknown>;
}

/** A client of ioredis, node-redis or `@upstash/redis`; they are told apart by their methods. */
export type RedisClient = IoredisClient | NodeRedisClient | UpstashClient;

interface ScriptInput {
  keys: string[];
  arguments: string[];
}
