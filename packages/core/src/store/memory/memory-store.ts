import { requireFunction, requireInteger, requireKnown } from "../../checks.ts";
import { type Clock, wallClock } from "../../clock.ts";
import { checkedFor } from "../../errors.ts";
import type { DeadLetters, ExpectedJobs } from "../capabilities.ts";
import type { JobStore, Lease } from "../job-store.ts";
import { readRetention } from "../store-options.ts";
import { deadLetters } from "./dead-letters.ts";
import type { DeadKind } from "./dead-rows.ts";
import { expectedJobs } from "./expected-jobs.ts";
import { ingest, lease } from "./ingest.ts";
import { requireRoom } from "./require-room.ts";
import { toLease, toRecord } from "./row.ts";
import { settle } from "./settle.ts";
import { createTable } from "./table.ts";

const NAMES: readonly string[] = [
  "maxLive",
  "maxDone",
  "maxDead",
  "doneTtlMs",
  "deadTtlMs",
  "clock",
] satisfies (keyof MemoryStoreOptions)[];

/** The bounds of a memory store; each has a default. */
export interface MemoryStoreOptions {
  /** Rows that are expected, wait or run. Beyond it a new job is refused with 503. Default 10 000. */
  readonly maxLive?: number;
  /** How many done jobs are kept. Above it, the oldest is deleted. Default 100 000. */
  readonly maxDone?: number;
  /**
   * Dead jobs. Beyond it the oldest of those goes that is worth least: first freed jobs, then
   * unrecognized ones, those that were never delivered, and those whose attempts are exhausted. Dead
   * jobs never take the room of others. Default 10 000.
   */
  readonly maxDead?: number;
  /** How long a done job answers duplicates. Default 8 days. */
  readonly doneTtlMs?: number;
  /** How long a dead job can be redriven. Default 30 days. */
  readonly deadTtlMs?: number;
  /** Wall time in milliseconds; for tests. */
  readonly clock?: Clock;
}

/**
 * Keeps jobs in the memory of this process, and loses them when it ends. It is the default,
 * suitable for development and for results that you can fetch again.
 *
 * Every method is one synchronous turn, so two deliveries cannot interleave. Duplicates are
 * recognised for `doneTtlMs`, or until `maxDone` newer jobs are done, whichever comes first.
 * The payloads of the newest 1 000 done jobs are kept for `get` and `list`.
 *
 * @throws AbstraktWebhookError `invalid_options` when a number is out of range.
 *
 * @example
 * ```ts
 * const receiver = createReceiver({ auth: "none", store: memoryStore({ maxDone: 500_000 }) });
 * ```
 */
export function memoryStore(
  options: MemoryStoreOptions = {},
): JobStore & ExpectedJobs & DeadLetters {
  const settings = checkedFor(memoryStore, () => readOptions(options));
  const { maxLive, maxDone, maxDead, doneTtlMs, deadTtlMs, clock: wall } = settings;
  const bornAtMs = wall();
  const clock = () => toInline(wall() - bornAtMs);
  let warn: ((message: string) => void) | undefined;
  const dropped = new Set<DeadKind>();
  const table = createTable({
    maxLive,
    maxDead,
    maxDone,
    doneTtlMs,
    deadTtlMs,
    clock,
    bornAtMs,
    onDrop(kind) {
      if (!dropped.has(kind)) warn?.(droppedMessage(kind, maxDead));
      dropped.add(kind);
    },
  });

  return {
    traits: { durable: false, shared: false, doneTtlMs, deadTtlMs },
    async ingest(delivery, o) {
      return ingest(table, delivery, o.leaseMs, clock());
    },
    async claim(o) {
      const nowMs = clock();
      const leases: Lease[] = [];
      const next = () => (o.jobId === undefined ? table.nextWork() : table.find(o.jobId));
      for (let row = next(); row !== undefined && leases.length < o.limit; row = next()) {
        const waits = row.state === "pending" && o.jobId !== undefined;
        const due = row.dueAtMs <= nowMs && (row.state === "pending" || row.state === "leased");
        if (!waits && !due) break;
        if (row.state === "leased") row.error = "lease_lost";
        lease(table, row, o.leaseMs, nowMs);
        leases.push(toLease(row, bornAtMs));
      }
      return leases;
    },
    async settle(held, settlement) {
      const row = table.find(held.jobId);
      if (row?.state !== "leased" || row.fence !== held.fence) return false;
      settle(table, row, settlement, clock());
      return true;
    },
    async get(jobId) {
      const row = table.find(jobId);
      return row && toRecord(row, clock(), bornAtMs);
    },
    async nextDueInMs() {
      const due = [table.nextWork(), table.nextPoll()].flatMap((row) => row?.dueAtMs ?? []);
      return due.length === 0 ? undefined : Math.max(0, Math.min(...due) - clock());
    },
    async ready() {
      requireRoom(table);
    },
    onDropped(listener) {
      warn = listener;
    },
    async prune(o) {
      return table.prune(o.limit);
    },
    ...expectedJobs(table, clock),
    ...deadLetters(table, clock),
  };
}

function readOptions(options: MemoryStoreOptions): Required<MemoryStoreOptions> {
  requireKnown("", NAMES, options);
  const { maxLive = 10_000, maxDone = 100_000, maxDead = 10_000, clock = wallClock } = options;
  requireInteger("maxLive", maxLive, 1);
  requireInteger("maxDone", maxDone, 1);
  requireInteger("maxDead", maxDead, 1);
  requireFunction("clock", clock);
  return { maxLive, maxDone, maxDead, clock, ...readRetention(options) };
}

/** The same number. V8 stores it without an object of its own where it has 32 bits. */
const toInline = (ms: number): number => ((ms | 0) === ms ? ms | 0 : ms);

const droppedMessage = (kind: DeadKind, maxDead: number): string =>
  `The memory store keeps ${maxDead} dead jobs (maxDead) and drops the oldest for others from now on, those that are ${NAMES_OF_KINDS[kind]} among them. Look at them with \`list({ state: "dead" })\`, raise \`maxDead\`, or use a durable store.`;

const NAMES_OF_KINDS: Record<DeadKind, string> = {
  freed: "unknown to the provider",
  unrecognized: "unrecognized",
  never_delivered: "never delivered",
  attempts_exhausted: "dead because their attempts are exhausted",
};
