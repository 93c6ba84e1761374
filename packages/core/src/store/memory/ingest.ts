import { isSameResult } from "../../payload/fingerprint.ts";
import type { Delivery, Ingested } from "../job-store.ts";
import { createRow, type Row, toLease } from "./row.ts";
import type { Table } from "./table.ts";

/**
 * Ingests a delivery in one synchronous turn, so that nothing changes between read and write.
 */
export function ingest(table: Table, delivery: Delivery, leaseMs: number, nowMs: number): Ingested {
  const known = table.find(delivery.jobId);
  if (known !== undefined && contradictsBinding(known, delivery)) {
    table.addConflict(known);
    return { kind: "conflict", state: known.state, reason: "binding" };
  }
  if (known?.fingerprint !== undefined) {
    return duplicateOrConflict(table, known, known.fingerprint, delivery);
  }

  const row = known ?? createRow(delivery.jobId);
  if (delivery.fingerprint === undefined) {
    if (known === undefined && !table.hasRoomToPark()) return { kind: "full" };
    return park(table, row, delivery, nowMs);
  }
  if (row.state === "dead" && !table.hasRoom()) return { kind: "full" };
  return take(table, row, delivery, leaseMs, nowMs);
}

/** True when both sides have a binding and the bindings differ. */
export const contradictsBinding = (
  { binding: ours }: Row,
  { binding: theirs }: { binding?: string | undefined },
): boolean => ours !== undefined && theirs !== undefined && ours !== theirs;

function duplicateOrConflict(
  table: Table,
  row: Row,
  fingerprint: string,
  delivery: Delivery,
): Ingested {
  // An unrecognised payload cannot contradict the result in the row.
  if (delivery.fingerprint === undefined || isSameResult(delivery.fingerprint, fingerprint)) {
    return { kind: "duplicate", state: row.state };
  }
  table.addConflict(row);
  return { kind: "conflict", state: row.state, reason: "result" };
}

function park(table: Table, row: Row, delivery: Delivery, nowMs: number): Ingested {
  if (row.state === "expected") {
    table.place(row, "expected", nowMs);
    return { kind: "parked" };
  }
  // A redriven row is pending or leased. An unrecognised payload must not change its state.
  if (row.state !== "dead" || row.payload === delivery.payload) {
    return { kind: "duplicate", state: row.state };
  }
  row.payload = delivery.payload;
  row.source = delivery.source;
  row.binding ??= delivery.binding;
  row.error = "unrecognized";
  row.receivedAtMs = nowMs;
  row.settledAtMs = nowMs;
  table.place(row, "dead", nowMs);
  return { kind: "parked" };
}

function take(
  table: Table,
  row: Row,
  delivery: Delivery,
  leaseMs: number,
  nowMs: number,
): Ingested {
  row.fingerprint = delivery.fingerprint;
  row.payload = delivery.payload;
  row.source = delivery.source;
  row.binding ??= delivery.binding;
  row.error = undefined;
  row.attempts = 0;
  row.receivedAtMs = nowMs;
  row.settledAtMs = undefined;
  if (leaseMs === 0) {
    table.place(row, "pending", nowMs);
    return { kind: "stored" };
  }
  lease(table, row, leaseMs, nowMs);
  return { kind: "leased", lease: toLease(row, table.createdAtMs) };
}

/** Leases the row for `leaseMs`. This counts an attempt and raises the fence. */
export function lease(table: Table, row: Row, leaseMs: number, nowMs: number): void {
  row.fence += 1;
  row.attempts += 1;
  table.place(row, "leased", nowMs + leaseMs);
}
