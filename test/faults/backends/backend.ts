import type { StoreAddress } from "./store-address.ts";

/** A kind of store with all that is behind it, started for the campaign alone. */
export interface Backend {
  readonly kind: StoreAddress["kind"];
  /** Where the store of this namespace is; through a proxy when its port is given. */
  address(namespace: string, port?: number): StoreAddress;
  /** The database's own processes, where it has any. */
  readonly server?: DatabaseServer;
  close(): Promise<void>;
}

/** A database server, to be treated badly. */
export interface DatabaseServer {
  readonly port: number;
  /** kill -9 of all its processes; resolves when they are gone. */
  kill(): Promise<void>;
  /** Starts it again on what it has on disk; resolves when it answers. */
  restart(): Promise<void>;
  /** SIGSTOP and SIGCONT for all its processes. */
  pause(): void;
  resume(): void;
}
