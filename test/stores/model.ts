import type { Delivery, JobState, Settlement } from "@abstrakt-webhooks/core";

/** One job in the model. Times are the model's own. */
export interface ModelRow {
  state: JobState;
  fence: number;
  attempts: number;
  polls: number;
  conflicts: number;
  expected: boolean;
  dueAtMs: number;
  giveUpAfterMs: number;
  giveUpAtMs: number;
  fingerprint?: string | undefined;
  payload?: string | undefined;
  binding?: string | undefined;
  error?: string | undefined;
  receivedAtMs?: number | undefined;
  settledAtMs?: number | undefined;
}

const NEW_ROW: ModelRow = {
  state: "dead",
  fence: 0,
  attempts: 0,
  polls: 0,
  conflicts: 0,
  expected: false,
  dueAtMs: 0,
  giveUpAfterMs: Infinity,
  giveUpAtMs: Infinity,
};

/** How an error begins that says that a lease was lost. */
const LOST = /^lease_lost($|; before: )/;
export const isLost = (error: string | undefined): boolean => LOST.test(error ?? "");
const lostAfter = (error: string | undefined): string =>
  error === undefined ? "lease_lost" : `lease_lost; before: ${error}`;

const isWork = (row: ModelRow) => row.state === "pending" || row.state === "leased";

/**
 * The rules of the store contract over a plain `Map`, for one client at a time. It is slow and
 * simple on purpose. The caller decides what the contract leaves open, such as the order of two
 * rows that are due at the same time.
 */
export function createModel(retention: { doneTtlMs: number; deadTtlMs: number }) {
  const all = new Map<string, ModelRow>();
  let nowMs = 0;

  const rows = (): [string, ModelRow][] =>
    [...all].filter(([, { state, settledAtMs = 0 }]) => {
      if (state === "done") return nowMs < settledAtMs + retention.doneTtlMs;
      if (state === "dead") return nowMs < settledAtMs + retention.deadTtlMs;
      return true;
    });
  const find = (jobId: string) => rows().find(([id]) => id === jobId)?.[1];
  const put = (jobId: string, change: Partial<ModelRow>) =>
    void all.set(jobId, { ...(find(jobId) ?? NEW_ROW), ...change });

  const lease = (jobId: string, leaseMs: number): void => {
    const { fence, attempts, state, error } = find(jobId) ?? NEW_ROW;
    const counted = { fence: fence + 1, attempts: attempts + 1 };
    const why = state === "leased" && !isLost(error) ? lostAfter(error) : error;
    put(jobId, { ...counted, error: why, state: "leased", dueAtMs: nowMs + leaseMs });
  };

  return {
    rows,
    find,
    nowMs: () => nowMs,
    advance: (ms: number) => void (nowMs += ms),
    lease,
    /** Rows that `claim` may lease; by id, any row without a live lease. */
    claimable: (jobId?: string) =>
      rows().filter(([id, row]) => {
        if (jobId === undefined) return isWork(row) && row.dueAtMs <= nowMs;
        return id === jobId && isWork(row) && (row.state === "pending" || row.dueAtMs <= nowMs);
      }),
    pollable: () => rows().filter(([, row]) => row.state === "expected" && row.dueAtMs <= nowMs),

    ingest(d: Delivery, leaseMs: number): string {
      const row = find(d.jobId) ?? NEW_ROW;
      const binding = row.binding ?? d.binding;
      if (binding !== (d.binding ?? binding)) {
        put(d.jobId, { conflicts: row.conflicts + 1 });
        return "conflict binding";
      }
      const { fingerprint, payload } = d;
      if (fingerprint === undefined) {
        if (row.fingerprint !== undefined || isWork(row)) return "duplicate";
        if (row.state === "expected") {
          put(d.jobId, { dueAtMs: nowMs });
          return "parked";
        }
        if (row.payload === payload) return "duplicate";
        const times = { receivedAtMs: nowMs, settledAtMs: nowMs };
        put(d.jobId, { state: "dead", error: "unrecognized", payload, binding, ...times });
        return "parked";
      }
      if (row.fingerprint !== undefined) {
        const isEqual = row.fingerprint === fingerprint || row.fingerprint[0] !== fingerprint[0];
        if (isEqual) return "duplicate";
        put(d.jobId, { conflicts: row.conflicts + 1 });
        return "conflict result";
      }
      const fresh = { attempts: 0, error: undefined, settledAtMs: undefined, receivedAtMs: nowMs };
      const due = { state: "pending", dueAtMs: nowMs } as const;
      put(d.jobId, { ...fresh, ...due, fingerprint, payload, binding });
      if (leaseMs === 0) return "stored";
      lease(d.jobId, leaseMs);
      return "leased";
    },

    settle(jobId: string, fence: number, s: Settlement): boolean {
      const row = find(jobId);
      if (row?.state !== "leased" || row.fence !== fence) return false;
      const over = { settledAtMs: nowMs };
      if (s.to === "done") put(jobId, { state: "done", error: undefined, ...s.result, ...over });
      if (s.to === "dead") {
        const freed = { fingerprint: undefined, ...(!row.expected && { binding: undefined }) };
        put(jobId, { state: "dead", error: s.error, ...over, ...(s.free && freed) });
      }
      if (s.to === "retry") {
        put(jobId, { state: "pending", error: s.error, dueAtMs: nowMs + s.delayMs });
      }
      if (s.to === "release") {
        const { delayMs = 0, error = row.error } = s;
        const attempts = row.attempts - 1;
        put(jobId, { state: "pending", attempts, error, dueAtMs: nowMs + delayMs });
      }
      if (s.to === "extend") put(jobId, { dueAtMs: nowMs + s.leaseMs });
      return true;
    },

    expect(jobId: string, o: { pollAfterMs: number; giveUpAfterMs: number; binding?: string }) {
      const row = find(jobId) ?? NEW_ROW;
      if (row.fingerprint !== undefined) {
        const isContested = (o.binding ?? row.binding) !== (row.binding ?? o.binding);
        put(jobId, { expected: true, conflicts: row.conflicts + (isContested ? 1 : 0) });
        return isContested ? "contested" : "arrived";
      }
      const known = { expected: true, binding: o.binding ?? row.binding };
      const { giveUpAfterMs } = o;
      const poll = { dueAtMs: nowMs + o.pollAfterMs, giveUpAtMs: nowMs + giveUpAfterMs };
      const open = { error: undefined, settledAtMs: undefined, giveUpAfterMs, ...poll };
      put(jobId, row.state === "expected" ? known : { state: "expected", ...known, ...open });
      return "expected";
    },
    leasePoll(jobId: string, leaseMs: number): void {
      const { fence, polls } = find(jobId) ?? NEW_ROW;
      put(jobId, { fence: fence + 1, polls: polls + 1, dueAtMs: nowMs + leaseMs });
    },
    settlePoll(jobId: string, fence: number, o: { againAfterMs: number } | { giveUp: string }) {
      const row = find(jobId);
      if (row?.state !== "expected" || row.fence !== fence) return false;
      if ("giveUp" in o) put(jobId, { state: "dead", error: o.giveUp, settledAtMs: nowMs });
      else put(jobId, { dueAtMs: nowMs + o.againAfterMs });
      return true;
    },

    redrive(jobId: string): boolean {
      const row = find(jobId);
      if (row?.state !== "dead") return false;
      put(jobId, { attempts: 0, settledAtMs: undefined, dueAtMs: nowMs, state: "pending" });
      if (row.payload === undefined) {
        put(jobId, { state: "expected", giveUpAtMs: nowMs + row.giveUpAfterMs });
      }
      return true;
    },
  };
}

export type Model = ReturnType<typeof createModel>;
