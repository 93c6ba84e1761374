import type { StoreAddress } from "./store-address.ts";

/** A kind of store with its servers, started for the campaign alone. */
export interface Backend {
  readonly kind: StoreAddress["kind"];
  /** The address of a namespace's store, through a proxy when its port is given. */
  address(namespace: string, port?: number): StoreAddress;
  /** The database's own processes, where it has any. */
  readonly server?: DatabaseServer;
  close(): Promise<void>;
}

/** A database server that the campaign kills and pauses. */
export interface DatabaseServer {
  readonly port: number;
  /** Kills all its processes with -9. Resolves when they are gone. */
  kill(): Promise<void>;
  /** Starts it again on its files. Resolves when it answers. */
  restart(): Promise<void>;
  /** SIGSTOP and SIGCONT for all its processes. */
  pause(): void;
  resume(): void;
}
