/**
 * The statements of a store in SQLite's dialect, and functions that read their rows. It contains no
 * driver. For stores in other databases with this dialect, such as Cloudflare D1.
 *
 * @module
 */

// Statements
export {
  DUE_POLLS,
  DUE_WORK,
  EXPECT,
  FORGET,
  GET,
  LEASE_ONE,
  LEASE_POLLS,
  LEASE_WORK,
  NEXT_DUE,
  ONE,
  POLL_AGAIN,
  POLL_GIVE_UP,
  PRUNE,
  READY,
  REDRIVE,
  STATS,
  TABLE,
  take,
} from "./dialect/sql.ts";
export {
  parkStatement,
  resultValues,
  settleStatement,
  type BoundStatement,
} from "./dialect/statements.ts";

export { listStatement } from "./dialect/list.ts";

// Rows
export {
  toExpected,
  toIngested,
  toLease,
  toListed,
  toPollLease,
  toRecord,
  toStats,
  type ExpectRow,
  type Row,
  type StatsRow,
  type WrittenRow,
} from "./dialect/row.ts";
