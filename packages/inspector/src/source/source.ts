import type { JobRecord, JobState, ReceiverEvent } from "@abstrakt-webhooks/core";

/** The number of jobs in each state, and how long the oldest pending result has waited. */
export type Counts = Readonly<Record<JobState, number>> & { readonly oldestPendingMs?: number };

/** Which jobs `list` returns. The fields mean the same as in `Receiver.list`. */
export interface ListQuery {
  readonly state?: JobState;
  readonly prefix?: string;
  readonly limit: number;
  readonly after?: string;
}

/** One page of jobs. */
export interface JobPage {
  readonly records: readonly JobRecord[];
  readonly next?: string;
}

/** Events that no receiver emits: actions on this page, and failures that a sender saw. */
export type PageEvent =
  /** A delivery was not accepted. */
  | {
      readonly type: "undelivered";
      readonly atMs: number;
      readonly jobId: string;
      readonly reason: string;
    }
  | { readonly type: "redriven"; readonly atMs: number; readonly jobId: string }
  | {
      readonly type: "replayed";
      readonly atMs: number;
      readonly jobId: string;
      /** The job that the payload comes from, if the replay has a new id. */
      readonly of?: string;
    };

/** An event that this process saw. A conflict may have a `payload`, see `ConflictEvent`. */
export type SeenEvent = ReceiverEvent | PageEvent;

/** A setting that a person can change on the page. */
export interface Knob {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  /** The values that the person can choose. */
  readonly choices: readonly { readonly value: string; readonly label: string }[];
}

/** The data that the page shows, and the actions that it offers. */
export interface InspectorSource {
  /** A sentence on the page that says whose jobs it shows, and what it cannot show. */
  readonly about: string;
  /** The time from which on this source sees events. */
  readonly sinceMs: number;
  /** The newest events, oldest first. The source drops the oldest to bound their number. */
  events(): readonly SeenEvent[];
  /**
   * A page of jobs in the order of `Receiver.list`. Payloads may be absent. If it rejects for one
   * state, the front page shows the jobs of the others.
   */
  list(query: ListQuery): Promise<JobPage>;
  /** One job with its payload. */
  find(jobId: string): Promise<JobRecord | undefined>;
  /** The output type of a job, such as `image`. `undefined` if it is not known. */
  outputType(jobId: string): string | undefined;
  counts(): Promise<Counts>;
  /** Calls `changed` at every event, and `ended` after the last event. */
  subscribe(changed: () => void, ended: () => void): void;
  /** Makes a dead letter pending again. Resolves to `false` if the job is not dead. */
  readonly redrive?: ((jobId: string) => Promise<boolean>) | undefined;
  /** Sends a payload again. `of` is the job that it comes from. Resolves to the replay's id. */
  readonly replay?: ((payload: unknown, of: string) => Promise<string>) | undefined;
  /** Starts a job. */
  readonly submit?: (() => Promise<void>) | undefined;
  readonly knobs?: (() => readonly Knob[]) | undefined;
  /** Sets a knob to one of its choices. */
  readonly turn?: ((name: string, value: string) => void) | undefined;
}
