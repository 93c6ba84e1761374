import { requireFunction, requireInteger, requireKnown } from "../../checks.ts";
import { type Clock, wallClock } from "../../clock.ts";
import { checkedFor } from "../../errors.ts";
import type { DeadLetters, ExpectedJobs } from "../capabilities.ts";
import type { JobStore, Lease } from "../job-store.ts";
import { toLeaseLost } from "../lease-lost.ts";
import { readRetention, type WithDefaults } from "../store-options.ts";
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
  /** How many jobs may be expected, wait or run. Above it, a new job gets 503. Default 10 000. */
  readonly maxLive?: number | undefined;
  /** How many done jobs are kept. Above it, the oldest is deleted. Default 100 000. */
  readonly maxDone?: number | undefined;
  /**
   * How many dead jobs are kept. Above it, the store drops the oldest job of the first of these
   * kinds: freed jobs, unrecognized ones, those that were never delivered, those whose attempts are
   * exhausted. Dead jobs do not count for `maxLive`. Default 10 000.
   */
  readonly maxDead?: number | undefined;
  /** How long a done job answers duplicates. Default 8 days. */
  readonly doneTtlMs?: number | undefined;
  /** How long a dead job can be redriven. Default 30 days. */
  readonly deadTtlMs?: number | undefined;
  /** Wall time in milliseconds; for tests. */
  readonly clock?: Clock | undefined;
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
  const createdAtMs = wall();
  const clock = () => toInline(wall() - createdAtMs);
  let warn: ((message: string) => void) | undefined;
  const dropped = new Set<DeadKind>();
  const table = createTable({
    maxLive,
    maxDead,
    maxDone,
    doneTtlMs,
    deadTtlMs,
    clock,
    createdAtMs,
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
        if (row.state === "leased") row.error = toLeaseLost(row.error);
        lease(table, row, o.leaseMs, nowMs);
        leases.push(toLease(row, createdAtMs));
      }
      return leases;
    },
    async settle({ jobId, fence }, settlement) {
      const row = table.find(jobId);
      if (row?.state !== "leased" || row.fence !== fence) return false;
      settle(table, row, settlement, clock());
      return true;
    },
    async get(jobId) {
      const row = table.find(jobId);
      return row && toRecord(row, clock(), createdAtMs);
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

function readOptions(options: MemoryStoreOptions): WithDefaults<MemoryStoreOptions> {
  requireKnown("", NAMES, options);
  const { maxLive = 10_000, maxDone = 100_000, maxDead = 10_000, clock = wallClock } = options;
  requireInteger("maxLive", maxLive, 1);
  requireInteger("maxDone", maxDone, 1);
  requireInteger("maxDead", maxDead, 1);
  requireFunction("clock", clock);
  return { maxLive, maxDone, maxDead, clock, ...readRetention(options) };
}

/** Returns the same number. V8 stores an integer of 32 bits inline, without an object. */
const toInline = (ms: number): number => ((ms | 0) === ms ? ms | 0 : ms);

const droppedMessage = (kind: DeadKind, maxDead: number): string =>
  `The memory store keeps ${maxDead} dead jobs (maxDead). It has reached this number, so it now drops the oldest ones, also those that are ${NAMES_OF_KINDS[kind]}. Look at them with \`list({ state: "dead" })\`, raise \`maxDead\`, or use a durable store.`;

const NAMES_OF_KINDS: Record<DeadKind, string> = {
  freed: "unknown to the provider",
  unrecognized: "unrecognized",
  never_delivered: "never delivered",
  attempts_exhausted: "dead because their attempts are exhausted",
};
