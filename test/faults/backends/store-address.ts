/** The address of a store for another process: its kind, its place and its own namespace. */
export interface StoreAddress {
  readonly kind: "memory" | "sqlite" | "postgres" | "redis" | "node-redis" | "upstash";
  /** A file's path or a URL; empty for memory. */
  readonly url: string;
  readonly namespace: string;
}
