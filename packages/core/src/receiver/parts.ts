import { AbstraktWebhookError } from "../errors.ts";
import type { Emit } from "./events/events.ts";
import type { Outage, StoreOutage } from "./events/outage.ts";
import type { Settings } from "./settings.ts";
import type { KeepAlive } from "./worker/after-answer.ts";
import type { Alarm } from "./worker/alarm.ts";
import type { Waiters } from "./worker/waiters.ts";
import type { Worker } from "./worker/worker.ts";

/** The parts of one receiver, as its steps need them. */
export interface Parts {
  readonly settings: Settings;
  readonly emit: Emit;
  /** True when `onEvent` or a subscriber gets events. The console does not count. */
  hasListeners(): boolean;
  readonly alarm: Alarm;
  readonly waiters: Waiters;
  readonly worker: Worker;
  readonly keepAlive: KeepAlive;
  readonly storeOutage: StoreOutage;
  readonly apiOutage: Outage;
  readonly notices: Notices;
  /** Jobs whose parked payload this receiver has reported as a dead letter. */
  readonly reported: Set<string>;
  isDraining(): boolean;
}

/** Warnings about what a receiver lacks. Each is emitted once. */
export interface Notices {
  /** The receiver got its first delivery, or a job is expected. */
  firstUse(): void;
  /** A job is expected, and no client polls for it. */
  expected(): void;
  /** A URL that is valid for `lifeMs` was minted. */
  tokenLife(lifeMs: number): void;
  /** The host's `setImmediate` threw. */
  refusedStart(thrown: unknown): void;
  /** `start` or `tick` was called. */
  driven(): void;
  /** There is no callback for a result, which is marked done. */
  noCallback(name: "onSucceeded" | "onFailed"): void;
  /** There are no callbacks for results, so a result stays in the store. */
  noCallbacks(): void;
  /** An unusable URL was removed from a job's items. */
  urlRemoved(jobId: string): void;
  /** `drain` was called. */
  drained(): void;
}

/** True when the receiver drains and its store ends with this process. */
export const wouldBeLost = ({ isDraining, settings }: Parts): boolean =>
  isDraining() && !settings.store.traits.durable;

/** The error of a receiver that drains and accepts no new job. */
export const drainingError = (): AbstraktWebhookError =>
  new AbstraktWebhookError("draining", "The receiver is draining. Use another instance.");
