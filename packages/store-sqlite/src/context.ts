import type { Connection } from "./database.ts";
import type { Plain } from "./plain.ts";

/** What the parts of the store work with. */
export interface Context {
  readonly namespace: string;
  /** Whether a done row keeps its payload. */
  readonly keepPayload: boolean;
  /** Rows settled at or before these times are over. Bound as "done before, dead before". */
  keptSince(nowMs: number): [doneBeforeMs: number, deadBeforeMs: number];
  /**
   * Runs `work` in a transaction, shared with others of this turn, and answers once it is on disk.
   * `plain` may stand in for it, together with others that are plain.
   */
  write<T>(work: (connection: Connection, nowMs: number) => T, plain?: Plain<T>): Promise<T>;
  /** Runs `work` on what is committed. */
  read<T>(work: (connection: Connection, nowMs: number) => T): Promise<T>;
}
