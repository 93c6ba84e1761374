import type { Connection } from "./database.ts";
import type { BulkWrite } from "./bulk-write.ts";

/** What the methods of the store share. */
export interface Context {
  readonly namespace: string;
  /** Whether a done row keeps its payload. */
  readonly keepPayload: boolean;
  /**
   * A row that was settled at these times or before has expired. Binds: done before, dead before.
   */
  keptSince(nowMs: number): [doneBeforeMs: number, deadBeforeMs: number];
  /**
   * Runs `work` in a transaction, which other writes of this turn share. Resolves once the
   * transaction is on disk. The store may run `bulk`, with other bulk writes, instead of `work`.
   */
  write<T>(work: (connection: Connection, nowMs: number) => T, bulk?: BulkWrite<T>): Promise<T>;
  /** Runs `work` outside a transaction, so it sees committed rows only. */
  read<T>(work: (connection: Connection, nowMs: number) => T): Promise<T>;
}
