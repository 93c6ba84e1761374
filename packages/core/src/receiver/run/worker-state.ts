import type { JobResult } from "../../job-result.ts";
import type { Lease } from "../../store/job-store.ts";
import type { Emit } from "../events/events.ts";
import type { Outage } from "../events/outage.ts";
import type { Settings } from "../settings.ts";
import type { Cancellation } from "./context.ts";

/** How a run under a lease ended, as the store has it now. */
export type RunEnd = "done" | "retry" | "dead" | "released" | "lost";

/** A lease of this worker's. */
export interface Held extends Lease {
  /** Until then its backoff would have gone on, by our clock: a redelivery has claimed it before. */
  readonly earlyUntilMs?: number;
}

/** What `run` needs of the worker it runs in. */
export interface RunHost {
  readonly settings: Settings;
  readonly emit: Emit;
  /** While an attempt runs, so that a drain can cut it off. */
  readonly cancellations: Set<Cancellation>;
  /** Jobs whose callback has ended while the store was down, so that it is not run again. */
  readonly owed: Map<string, OwedSettlement>;
  readonly apiOutage: Outage;
  /** A confirmed result is recorded: whoever waits for it is told. */
  tell(jobId: string, result: JobResult): void;
  /** A job is due again in `delayMs`. */
  wake(delayMs: number): void;
  /** True once a drain has ended: nothing starts, and nobody waits for the store. */
  isStopped(): boolean;
}

/** A settlement that the store has not taken yet. */
export interface OwedSettlement {
  /** The result it is about: another one of the same job is run. */
  readonly payload: string;
  /** Goes on under a newer lease of the same job; that lease's run ends with it. */
  renew(lease: Lease): Promise<RunEnd>;
}
