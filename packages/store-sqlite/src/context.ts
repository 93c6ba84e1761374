import type { Connection } from "./database.ts";
import type { BulkWrite } from "./bulk-write.ts";

/** What the parts of the store work with. */
export interface Context {
  readonly namespace: string;
  /** Whether a done row keeps its payload. */
  readonly keepPayload: boolean;
  /** A row settled at or before these times has expired. Bound as "done before, dead before". */
  keptSince(nowMs: number): [doneBeforeMs: number, deadBeforeMs: number];
  /**
   * Runs `work` in a transaction, which other writes of this turn share. Resolves once it is on
   * disk. Where `bulk` is given, the store may run it with other bulk writes instead of `work`.
   */
  write<T>(work: (connection: Connection, nowMs: number) => T, bulk?: BulkWrite<T>): Promise<T>;
  /** Runs `work` outside a transaction, so it sees committed rows only. */
  read<T>(work: (connection: Connection, nowMs: number) => T): Promise<T>;
}
