/** A store as another process finds it: a kind, where it is, and a namespace of its own. */
export interface StoreAddress {
  readonly kind: "memory" | "sqlite" | "postgres" | "redis" | "node-redis" | "upstash";
  /** A file's path or a URL; empty for memory. */
  readonly url: string;
  readonly namespace: string;
}
