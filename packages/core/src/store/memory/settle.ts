import type { Settlement } from "../job-store.ts";
import type { Row } from "./row.ts";
import type { Table } from "./table.ts";

/** Ends or extends the lease of a row. The caller has checked the fence. */
export function settle(table: Table, row: Row, settlement: Settlement, nowMs: number): void {
  switch (settlement.to) {
    case "done":
      row.settledAtMs = nowMs;
      row.error = undefined;
      if (settlement.result !== undefined) {
        row.payload = settlement.result.payload;
        row.fingerprint = settlement.result.fingerprint;
      }
      return table.place(row, "done", nowMs);
    case "dead":
      row.settledAtMs = nowMs;
      row.error = settlement.error;
      if (settlement.free) free(row);
      return table.place(row, "dead", nowMs);
    case "retry":
      row.error = settlement.error;
      return table.place(row, "pending", nowMs + settlement.delayMs);
    case "release":
      row.attempts -= 1;
      row.error = settlement.error ?? row.error;
      return table.place(row, "pending", nowMs + (settlement.delayMs ?? 0));
    case "extend":
      return table.place(row, "leased", nowMs + settlement.leaseMs);
  }
}

/** Lets a later result replace this one. Unless the job was expected, it may come by any URL. */
function free(row: Row): void {
  row.fingerprint = undefined;
  if (!row.expected) row.binding = undefined;
}
