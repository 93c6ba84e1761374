import type { JobRecord, JobState, ReceiverEvent } from "@abstrakt-webhooks/core";

/** Jobs by state, and how long the oldest accepted result has waited. */
export type Counts = Readonly<Record<JobState, number>> & { readonly oldestPendingMs?: number };

/** Which jobs `list` returns; as `Receiver.list`. */
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

/** What no receiver emits: what somebody did on this page, and what a sender of results saw. */
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
      /** The job whose payload it was, where the replay has an id of its own. */
      readonly of?: string;
    };

/** What happened, as this process saw it. A conflict's `payload` may be there, see `ConflictEvent`. */
export type SeenEvent = ReceiverEvent | PageEvent;

/** What a person may change while the page is open. */
export interface Knob {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  /** What it can be set to. */
  readonly choices: readonly { readonly value: string; readonly label: string }[];
}

/** Where the page takes from what it shows, and what it may do. */
export interface InspectorSource {
  /** A sentence for the page: whose jobs these are, and what cannot be seen here. */
  readonly about: string;
  /** When it began to look. */
  readonly sinceMs: number;
  /** What happened, oldest first. Bounded; the oldest are dropped. */
  events(): readonly SeenEvent[];
  /** A page of jobs, as `Receiver.list` orders them. Payloads may be absent. */
  list(query: ListQuery): Promise<JobPage>;
  /** One job with its payload. */
  find(jobId: string): Promise<JobRecord | undefined>;
  /** The output type of a job, such as `image`, where it is known. */
  outputType(jobId: string): string | undefined;
  counts(): Promise<Counts>;
  /** Calls `changed` at every event, and `ended` when no more will come. */
  subscribe(changed: () => void, ended: () => void): void;
  /** Gives a dead job another life. False: it is not dead. */
  redrive?(jobId: string): Promise<boolean>;
  /** Sends a payload again. `of` is the job it comes from. Returns the id it was sent for. */
  replay?(payload: unknown, of: string): Promise<string>;
  /** Starts a job. */
  submit?(): Promise<void>;
  knobs?(): readonly Knob[];
  /** Sets a knob to one of its choices. */
  turn?(name: string, value: string): void;
}
