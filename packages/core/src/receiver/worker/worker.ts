import type { JobResult } from "../../job-result.ts";
import type { Lease } from "../../store/job-store.ts";
import { describeError, toText } from "../events/describe-error.ts";
import { warning } from "../events/emit.ts";
import type { Emit, EventBody } from "../events/events.ts";
import type { Outage } from "../events/outage.ts";
import { cancel, type Cancellation } from "../run/context.ts";
import { run, type Turn } from "../run/run.ts";
import type { Held, OwedSettlement, RunEnd, RunHost } from "../run/worker-state.ts";
import type { Settings } from "../settings.ts";
import { createSuspects } from "./quarantine.ts";
import { createSlots, type Slots } from "./slots.ts";
import type { Waits } from "./waiters.ts";

/** Runs leases, no more than `concurrency` at once. */
export interface Worker {
  readonly slots: Slots;
  /** Names this worker in the store. */
  owner(): string;
  /** Runs a lease whose slot is taken, and frees the slot. Never rejects. */
  run(lease: Held, sentAtMs: number, known?: JobResult): Promise<RunEnd>;
  /**
   * Claims what is due, or one job whether due or not, and starts it; answers the runs. A run that
   * fails `early` of its backoff's end, in ms, does not count as an attempt.
   *
   * @throws AbstraktWebhookError `store_unavailable`.
   */
  claim(jobId?: string, early?: number): Promise<Promise<RunEnd>[]>;
  /** Cuts off whatever runs, and gives back whatever is leased from now on. */
  stop(): void;
  /** Runs that have ended since the start, by how they ended. */
  readonly ended: Record<RunEnd, number>;
}

export function createWorker(
  settings: Settings,
  emit: Emit,
  waits: Waits,
  apiOutage: Outage,
  hooks: { wake(delayMs: number): void; onFree(): void },
): Worker {
  const { store, limits } = settings;
  const cancellations = new Set<Cancellation>();
  const slots = createSlots(limits.concurrency, hooks.onFree);
  const ended: Record<RunEnd, number> = { done: 0, retry: 0, dead: 0, released: 0, lost: 0 };
  const owed = new Map<string, OwedSettlement>();
  const host: RunHost = {
    settings,
    emit,
    cancellations,
    owed,
    apiOutage,
    tell: waits.tell,
    wake: hooks.wake,
    isStopped: () => stopped,
  };
  const suspects = createSuspects(host);
  let name: string | undefined;
  let stopped = false;

  const worker: Worker = {
    slots,
    ended,
    // Not at construction: Workers have no randomness outside a request.
    owner: () => (name ??= crypto.randomUUID()),
    run(lease, sentAtMs, known) {
      let running = 0;
      let resting = 0;
      const turn: Turn = {
        begin() {
          running = Number(slots.begin());
          return running > 0;
        },
        over() {
          slots.over(running);
          running = 0;
          slots.resting((resting = 1));
        },
      };
      const over = (end: RunEnd): RunEnd => {
        ended[end] += 1;
        slots.over(running);
        slots.resting(-resting);
        suspects.end(lease);
        slots.free(1);
        waits.tell(lease.jobId);
        return end;
      };
      return run(host, lease, sentAtMs, known, turn).then(over, (thrown) => {
        emit(failedInside(lease, thrown));
        hooks.wake(limits.leaseMs);
        return over("lost");
      });
    },
    async claim(jobId, early = 0) {
      const limit = stopped ? 0 : slots.take(jobId === undefined ? limits.concurrency : 1);
      if (limit === 0) return [];
      const sentAtMs = settings.now();
      const request = { owner: worker.owner(), leaseMs: limits.leaseMs, limit };
      const hold = (lease: Lease): Held =>
        early > 0 ? { ...lease, earlyUntilMs: sentAtMs + early } : lease;
      const start = async (leases: Lease[]) => {
        const admitted = await suspects.admit(leases.map(hold), () => slots.free(1));
        return admitted.map((lease) => worker.run(lease, sentAtMs));
      };
      try {
        const leases = await settings.callStore(
          () => store.claim(jobId === undefined ? request : { ...request, jobId }),
          (late) => {
            slots.overbook(late.length);
            void start(late);
          },
        );
        slots.free(limit - leases.length);
        return await start(leases);
      } catch (thrown) {
        slots.free(limit);
        // What was claimed although the reply was lost is due again when its lease is over.
        hooks.wake(limits.leaseMs);
        throw thrown;
      }
    },
    stop() {
      stopped = true;
      for (const cancellation of cancellations) cancel(cancellation, "drained");
    },
  };
  return worker;
}

const failedInside = ({ jobId }: Lease, thrown: unknown): EventBody =>
  warning(
    "internal",
    `A run failed in the receiver itself (${toText(describeError(thrown))}). Its lease runs out and the job is run again.`,
    jobId,
  );
