import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Delivery, Ingested, JobStore, Settlement } from "@abstrakt-webhooks/core";
import { toLeaseLost } from "@abstrakt-webhooks/core/store";
import { isFinished, toLease, toRecord, type Row } from "./row.ts";

const DAY_MS = 86_400_000;

export interface FileStoreOptions {
  /** How long the store recognises duplicates of a done job. Default 8 days. */
  readonly doneTtlMs?: number;
  /** How long a dead row is kept. Default 30 days. */
  readonly deadTtlMs?: number;
  /** Returns the time in milliseconds since the epoch. For tests. */
  readonly clock?: () => number;
}

/**
 * Keeps jobs in a JSON file: a store to learn from, for one process and a few hundred jobs. Each
 * change writes the whole file before the method resolves, so the rows survive `kill -9`. They may
 * not survive a power failure, because the file is not flushed to the disk.
 */
export function fileStore(path: string, options: FileStoreOptions = {}): JobStore {
  const { doneTtlMs = 8 * DAY_MS, deadTtlMs = 30 * DAY_MS, clock = Date.now } = options;
  let loaded: ReadonlyMap<string, Row> | undefined;
  const rows = (): ReadonlyMap<string, Row> => (loaded ??= readRows(path));

  const isPastRetention = (row: Row): boolean => {
    const ttlMs = row.state === "done" ? doneTtlMs : deadTtlMs;
    return isFinished(row) && (row.settledAtMs ?? 0) + ttlMs <= clock();
  };
  const find = (jobId: string): Row | undefined => {
    const row = rows().get(jobId);
    return row && isPastRetention(row) ? undefined : row;
  };
  // The file is written before the map changes. If the write fails, nothing has changed.
  const save = (changed: readonly Row[], removed: readonly Row[] = []): void => {
    const next = new Map(rows());
    for (const row of changed) next.set(row.jobId, row);
    for (const row of removed) next.delete(row.jobId);
    writeFileSync(`${path}.new`, JSON.stringify([...next.values()]));
    renameSync(`${path}.new`, path);
    loaded = next;
  };
  const lease = (row: Row, leaseMs: number): Row => ({
    ...row,
    state: "leased",
    fence: row.fence + 1,
    attempts: row.attempts + 1,
    dueAtMs: clock() + leaseMs,
    ...(row.state === "leased" && { error: toLeaseLost(row.error) }),
  });
  const conflict = (row: Row, reason: "result" | "binding"): Ingested => {
    save([{ ...row, conflicts: row.conflicts + 1 }]);
    return { kind: "conflict", state: row.state, reason };
  };

  // No method awaits anything. So no other call can run between a method's read and its write.
  return {
    traits: { durable: true, shared: false, doneTtlMs, deadTtlMs },

    async ingest(delivery, { leaseMs }) {
      const known = find(delivery.jobId);
      if (known && hasOtherBinding(known, delivery)) return conflict(known, "binding");
      if (known?.fingerprint !== undefined) {
        const { fingerprint = known.fingerprint } = delivery;
        // The first character is the version. Fingerprints of two versions cannot be compared.
        const isSameVersion = fingerprint[0] === known.fingerprint[0];
        if (isSameVersion && fingerprint !== known.fingerprint) return conflict(known, "result");
        return { kind: "duplicate", state: known.state };
      }
      if (delivery.fingerprint === undefined && known?.payload === delivery.payload) {
        return { kind: "duplicate", state: known.state };
      }
      const nowMs = clock();
      const row: Row = {
        ...delivery,
        binding: known?.binding ?? delivery.binding,
        state: "pending",
        fence: known?.fence ?? 0,
        attempts: 0,
        conflicts: known?.conflicts ?? 0,
        receivedAtMs: nowMs,
        dueAtMs: nowMs,
      };
      if (delivery.fingerprint === undefined) {
        save([{ ...row, state: "dead", error: "unrecognized", settledAtMs: nowMs }]);
        return { kind: "parked" };
      }
      const taken = leaseMs > 0 ? lease(row, leaseMs) : row;
      save([taken]);
      return leaseMs > 0 ? { kind: "leased", lease: toLease(taken) } : { kind: "stored" };
    },

    async claim({ jobId, leaseMs, limit }) {
      const nowMs = clock();
      const isDue = (row: Row): boolean => !isFinished(row) && row.dueAtMs <= nowMs;
      const wanted = jobId === undefined ? undefined : find(jobId);
      const claimable =
        jobId === undefined
          ? [...rows().values()].filter(isDue).sort((a, b) => a.dueAtMs - b.dueAtMs)
          : wanted && (wanted.state === "pending" || isDue(wanted))
            ? [wanted]
            : [];
      const claimed = claimable.slice(0, limit).map((row) => lease(row, leaseMs));
      if (claimed.length > 0) save(claimed);
      return claimed.map(toLease);
    },

    async settle({ jobId, fence }, settlement) {
      const row = find(jobId);
      if (row?.state !== "leased" || row.fence !== fence) return false;
      save([{ ...row, ...changesOf(row, settlement, clock()) }]);
      return true;
    },

    async get(jobId) {
      const row = find(jobId);
      return row && toRecord(row, clock());
    },

    async nextDueInMs() {
      const dueAtMs = [...rows().values()]
        .filter((row) => !isFinished(row))
        .map((row) => row.dueAtMs);
      return dueAtMs.length === 0 ? undefined : Math.max(0, Math.min(...dueAtMs) - clock());
    },

    async prune({ limit }) {
      const removed = [...rows().values()].filter(isPastRetention).slice(0, limit);
      if (removed.length > 0) save([], removed);
      return removed.length;
    },
  };
}

function readRows(path: string): ReadonlyMap<string, Row> {
  try {
    const rows = JSON.parse(readFileSync(path, "utf8")) as Row[];
    return new Map(rows.map((row) => [row.jobId, row]));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
    throw error;
  }
}

const hasOtherBinding = (row: Row, { binding }: Delivery): boolean =>
  row.binding !== undefined && binding !== undefined && row.binding !== binding;

/** What a settlement changes in a leased row. */
function changesOf(row: Row, settlement: Settlement, nowMs: number): Partial<Row> {
  switch (settlement.to) {
    case "done":
      return { state: "done", settledAtMs: nowMs, error: undefined, ...settlement.result };
    case "dead":
      return {
        state: "dead",
        settledAtMs: nowMs,
        error: settlement.error,
        ...(settlement.free && { fingerprint: undefined, binding: undefined }),
      };
    case "retry":
      return { state: "pending", dueAtMs: nowMs + settlement.delayMs, error: settlement.error };
    case "release":
      return {
        state: "pending",
        attempts: row.attempts - 1,
        dueAtMs: nowMs + (settlement.delayMs ?? 0),
        error: settlement.error ?? row.error,
      };
    case "extend":
      return { dueAtMs: nowMs + settlement.leaseMs };
  }
}
