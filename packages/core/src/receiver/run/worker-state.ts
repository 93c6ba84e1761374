import type { NamedJob } from "../../auth/binding.ts";
import type { LiveMap } from "../../live-map.ts";
import type { Lease } from "../../store/job-store.ts";
import type { Emit } from "../events/events.ts";
import type { Outage } from "../events/outage.ts";
import type { Settings } from "../settings.ts";
import type { Cancellation } from "./context.ts";

/** How a run under a lease ended, as the store has it now. */
export type RunEnd = "done" | "retry" | "dead" | "released" | "lost";

/** A lease that this worker holds. */
export interface HeldLease extends Lease {
  /** Set when a redelivery claimed the job before its backoff ended: the end, by our own clock. */
  readonly backoffUntilMs?: number;
}

/** What a run needs from its worker. */
export interface WorkerState {
  readonly settings: Settings;
  readonly emit: Emit;
  /** True when `onEvent` or a subscriber gets events. The console does not count. */
  hasListeners(): boolean;
  readonly alarm: { wake(delayMs: number): void };
  readonly waiters: { notify(jobId: string, payload?: string): void };
  readonly notices: {
    noCallback(name: "onSucceeded" | "onFailed"): void;
    noCallbacks(): void;
  };
  /** Limits the confirmations of unexpected jobs, so that other jobs find a slot. */
  readonly unexpectedJobs: { begin(run: object): boolean; end(run: object): void };
  /** Callbacks that were cut off and have not ended. */
  readonly overruns: { add(callback: Promise<unknown>): void };
  readonly slots: { begin(run: SlotHolder): boolean; end(run: SlotHolder): void };
  readonly apiOutage: Outage;
  /** The attempts that run, so that a drain can cut them off. */
  readonly cancellations: Set<Cancellation>;
  /** Jobs whose callback runs, so that no second one runs beside it. */
  readonly running: LiveMap<Running>;
  /** Jobs whose callback ended but whose settlement failed, so that no callback runs again. */
  readonly unsettled: Map<string, Unsettled>;
  /** True once a drain has ended: nothing starts, and nothing waits for the store. */
  isStopped(): boolean;
}

/** A callback that runs under a lease. */
export interface Running {
  /** The payload that it handles. Another payload of the same job is run. */
  readonly payload: string;
  /**
   * Goes on under a newer lease of the same job. The run of that lease ends with this one. It
   * returns `undefined` if the time of its own lease is over. Then the newer lease is run.
   */
  renew(lease: HeldLease, sentAtMs: number): Promise<RunEnd> | undefined;
}

/** A settlement that the store has not recorded yet. */
export interface Unsettled {
  /** The payload that was handled. Another payload of the same job is run. */
  readonly payload: string;
  /** The fence of the lease under which the payload was handled. */
  readonly fence: number;
  /**
   * Settles under a newer lease of the same job. The run of that lease ends with this settlement.
   * It returns `undefined` if the newer lease shows that the store has recorded the settlement.
   * Then the newer lease is run.
   */
  renew(lease: Lease): Promise<RunEnd> | undefined;
}

/** A run or a poll that may hold a slot. Only the slots set `holdsSlot`. */
export interface SlotHolder {
  holdsSlot: boolean;
}

/** One run: a lease, from its claim to its settlement. */
export interface Run extends SlotHolder {
  readonly state: WorkerState;
  /** The newest lease of the job that this worker holds. */
  lease: HeldLease;
  /** When the request that granted the lease was sent. */
  readonly sentAtMs: number;
  /** The job as events name it. */
  readonly job: NamedJob;
  /** How long the attempt took. Undefined if there was none. */
  handlerMs: number | undefined;
}
