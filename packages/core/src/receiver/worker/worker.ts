import { randomBytes } from "../../auth/web-crypto.ts";
import { toBase64url } from "../../encoding.ts";
import { namedJob } from "../../auth/binding.ts";
import type { JobResult } from "../../job-result.ts";
import { createLiveMap } from "../../live-map.ts";
import type { Lease } from "../../store/job-store.ts";
import { readLeases } from "../../store/replies.ts";
import { describeError, toText } from "../events/describe-error.ts";
import { warning } from "../events/emit.ts";
import type { EventBody } from "../events/events.ts";
import { cancel } from "../run/context.ts";
import { run } from "../run/run.ts";
import { settle } from "../run/settle.ts";
import type { HeldLease, Run, RunEnd, WorkerState } from "../run/worker-state.ts";
import { createOverruns } from "./overruns.ts";
import { createQuarantine } from "./quarantine.ts";
import { createSlots, type Slots } from "./slots.ts";
import { createUnexpectedJobs } from "./unexpected-jobs.ts";

/** Runs leases, at most `concurrency` callbacks at once. */
export interface Worker {
  readonly slots: Slots;
  /** The name of this worker in the store. */
  owner(): string;
  /** Runs a lease that `slots` counts. Never rejects. `known` is its result, if already parsed. */
  run(lease: HeldLease, sentAtMs: number, known?: JobResult): Promise<RunEnd>;
  /**
   * Claims due jobs, or the job `jobId` even before it is due, and starts their runs. With
   * `backoffLeftMs`, a run that fails before the job's backoff has ended does not cost an attempt.
   *
   * @throws AbstraktWebhookError `store_unavailable`.
   */
  claim(jobId?: string, backoffLeftMs?: number): Promise<Promise<RunEnd>[]>;
  /** A result was stored without a lease. The worker claims it as soon as a slot is free. */
  noteBacklog(): void;
  /** Cuts off every attempt, and releases every lease that is granted from now on. */
  stop(): void;
  /** How many runs have ended, by how they ended. */
  readonly ended: Record<RunEnd, number>;
}

export function createWorker(
  shared: Pick<
    WorkerState,
    "settings" | "emit" | "hasListeners" | "alarm" | "waiters" | "apiOutage" | "notices"
  >,
): Worker {
  const { settings, emit, alarm } = shared;
  const { store, limits } = settings;
  const ended: Record<RunEnd, number> = { done: 0, retry: 0, dead: 0, released: 0, lost: 0 };
  let name: string | undefined;
  let stopped = false;
  let hasBacklog = false;

  const slots = createSlots(limits.concurrency, () => {
    if (hasBacklog) alarm.wake(0);
  });
  const state: WorkerState = {
    ...shared,
    slots,
    unexpectedJobs: createUnexpectedJobs(limits.concurrency),
    overruns: createOverruns(limits.concurrency, emit),
    cancellations: new Set(),
    running: createLiveMap(),
    unsettled: new Map(),
    isStopped: () => stopped,
  };
  const quarantine = createQuarantine(state);

  /** Releases a lease whose run did not start. The job waits, because its next run may fail too. */
  const putOff = async (lease: HeldLease): Promise<RunEnd> => {
    const delayMs = settings.retry.minDelayMs;
    const end = await settle(state, lease, { to: "release", delayMs });
    alarm.wake(delayMs);
    return end;
  };

  const worker: Worker = {
    slots,
    ended,
    // The name is made at first use, because Workers have no randomness outside a request.
    owner: () => (name ??= toBase64url(randomBytes(16))),
    run(lease, sentAtMs, known) {
      const job = namedJob(lease.jobId, lease.binding);
      const started: Run = { state, lease, sentAtMs, job, handlerMs: undefined, holdsSlot: false };
      const end = (how: RunEnd): RunEnd => {
        ended[how] += 1;
        slots.end(started);
        quarantine.end(lease);
        slots.settled();
        shared.waiters.notify(lease.jobId);
        return how;
      };
      const fail = (thrown: unknown): RunEnd => {
        emit(failedInside(lease, thrown));
        alarm.wake(limits.leaseMs);
        return end("lost");
      };
      try {
        return run(started, known).then(end, fail);
      } catch (thrown) {
        emit(notStarted(lease, thrown));
        return putOff(lease).then(end, fail);
      }
    },
    async claim(jobId, backoffLeftMs = 0) {
      const owner = worker.owner();
      const sentAtMs = settings.now();
      if (stopped || settings.leavesResults()) return [];
      const limit = slots.ask(jobId === undefined ? limits.concurrency : 1);
      if (jobId === undefined) hasBacklog = limit === 0;
      if (limit === 0) return [];
      const request = { owner, leaseMs: limits.leaseMs, limit };
      const hold = (lease: Lease): HeldLease =>
        backoffLeftMs > 0 ? { ...lease, backoffUntilMs: sentAtMs + backoffLeftMs } : lease;
      const start = async (leases: Lease[]) => {
        const admitted = await quarantine.admit(leases.map(hold), slots.settled);
        return admitted.map((lease) => settings.inOwnContext(() => worker.run(lease, sentAtMs)));
      };
      const claiming = settings.callStore(
        async () =>
          readLeases(await store.claim(jobId === undefined ? request : { ...request, jobId })),
        (late) => {
          slots.answer(0, late.length);
          void start(late);
        },
      );
      const leases = await claiming.catch((thrown: unknown) => {
        slots.answer(limit, 0);
        // The store may have leased jobs although its reply was lost. Claim them when they expire.
        alarm.wake(limits.leaseMs);
        throw thrown;
      });
      slots.answer(limit, leases.length);
      return start(leases);
    },
    noteBacklog() {
      if (settings.leavesResults()) return shared.notices.noCallbacks();
      hasBacklog = true;
      if (slots.hasRoom()) alarm.wake(0);
    },
    stop() {
      stopped = true;
      for (const cancellation of state.cancellations) cancel(cancellation, "drained");
    },
  };
  return worker;
}

const notStarted = ({ jobId }: Lease, thrown: unknown): EventBody =>
  warning(
    "not_startable",
    `Job ${jobId} could not be started (${toText(describeError(thrown))}). It is run later.`,
    jobId,
  );

const failedInside = ({ jobId }: Lease, thrown: unknown): EventBody =>
  warning(
    "internal",
    `A run failed in the receiver itself (${toText(describeError(thrown))}). Its lease runs out and the job is run again.`,
    jobId,
  );
