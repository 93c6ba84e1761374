import type { StoreName } from "../stores.ts";

/** What `bench scale` has found. The full run keeps it in `results.json`, the source of the page. */
export interface ScaleResults extends Figures {
  readonly date: string;
  readonly machine: string;
  /** How many processes wanted to run in the minute before. */
  readonly load: number;
  /** The version of Node that ran receivers. */
  readonly node: string;
  /** Of the databases and the packages that were used. */
  readonly versions: Readonly<Record<string, string>>;
  /** How long each point was measured. */
  readonly seconds: number;
}

/** What each part finds. */
export interface Figures {
  readonly connections: readonly ConnectionsPoint[];
  readonly ids: readonly IdsPoint[];
  readonly rows: readonly RowsPoint[];
  readonly receivers: readonly ReceiversPoint[];
  readonly burst: readonly BurstPoint[];
  readonly limits: Limits;
}

/** Figures of a receiver under load. */
export interface Rate {
  readonly perSecond: number;
  /** The receivers' CPU time for one result. */
  readonly cpuMicros: number;
}

/** A memory store, and so many senders at once. */
export interface ConnectionsPoint extends Rate {
  readonly connections: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** A memory store that remembers so many done jobs. */
export interface IdsPoint extends Rate {
  readonly ids: number;
  readonly bytes: number;
}

/** A database with so many rows of done jobs. */
export interface RowsPoint extends Rate {
  readonly store: StoreName;
  readonly rows: number;
  /** On disk, or in the memory of Redis, with the payload. */
  readonly bytes: number;
  /** To claim ten rows, while all of them were due. */
  readonly claimMicros: number;
}

/** So many receivers behind one database, each with the same load. */
export interface ReceiversPoint extends Rate {
  readonly store: SharedStore;
  readonly receivers: number;
  /** Statements or scripts for each result. */
  readonly roundTrips: number;
  /** The CPU time of the database for each result. */
  readonly databaseMicros: number;
  /** Redis only: commands inside the scripts, and how long the scripts ran. */
  readonly commands?: number;
  readonly scriptMicros?: number;
}

export type SharedStore = Exclude<StoreName, "sqlite">;

/** Many results in a short time, and callbacks that cannot keep up. */
export interface BurstPoint {
  readonly store: "memory" | StoreName;
  readonly results: number;
  /** In which the first delivery of every result was sent. */
  readonly seconds: number;
  readonly callbackMs: number;
  readonly concurrency: number;
  /** The bound of the memory store. */
  readonly maxLive: number;
  /** How many deliveries were answered 503. The sender repeated each. */
  readonly refused: number;
  /** The time until an answer of 200, from the moment when its delivery had a connection. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** From the first delivery to the last 200, and to the end of the last callback. */
  readonly acceptedSeconds: number;
  readonly handledSeconds: number;
  /** The receiver's memory before the first delivery, and at most. */
  readonly startBytes: number;
  readonly peakBytes: number;
}

/** What the machine and its database allow, whatever the kit does. */
export interface Limits {
  /** The time until a small write is on the disk. */
  readonly fsyncMicros: number;
  /** `max_connections` of PostgreSQL. */
  readonly maxConnections: number;
}
