import type { Settlement } from "@abstrakt-webhooks/core";

/** The fields of every entry: the process that wrote it, and its monotonic time in ms. */
interface Noted {
  readonly by: string;
  readonly atMs: number;
}

/** The store has leased a job to this instance. */
export interface Granted extends Noted {
  readonly kind: "granted";
  readonly jobId: string;
  readonly fence: number;
  readonly attempt: number;
  readonly leaseMs: number;
  /** The time of the request: the lease cannot have begun earlier. */
  readonly sentAtMs: number;
}

/** A settlement is about to be sent. It may stay unknown whether it arrived. */
export interface Settling extends Noted {
  readonly kind: "settling";
  readonly jobId: string;
  readonly fence: number;
  readonly to: Settlement["to"];
}

/** The store has answered a settlement. */
export interface Settled extends Noted {
  readonly kind: "settled";
  readonly jobId: string;
  readonly fence: number;
  readonly to: Settlement["to"];
  readonly ok: boolean;
  readonly leaseMs?: number;
  readonly sentAtMs: number;
}

/** The start and end of a callback under a lease. */
export interface Called extends Noted {
  readonly kind: "started" | "completed" | "signalled";
  readonly jobId: string;
  readonly fence: number;
  readonly attempt: number;
}

/** The answer to a sender. `status` 0: the connection broke, or was refused. */
export interface Answered extends Noted {
  readonly kind: "answered";
  readonly jobId: string;
  readonly status: number;
  readonly duplicate: boolean;
  readonly sentAtMs: number;
  /** The error's code where no answer came. */
  readonly error?: string;
}

/** A row at the end of the part. */
export interface Final extends Noted {
  readonly kind: "final";
  readonly jobId: string;
  readonly state: string;
  readonly attempts: number;
}

/** One entry of the history that all processes of a campaign append to. */
export type HistoryEvent = Granted | Settling | Settled | Called | Answered | Final;

/** An entry before its process and time are added. */
export type Happening = HistoryEvent extends infer One
  ? One extends HistoryEvent
    ? Omit<One, keyof Noted>
    : never
  : never;
