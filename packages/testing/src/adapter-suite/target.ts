import type { JobRecord, JobResult } from "@abstrakt-webhooks/core";
import type { AdapterSetup } from "./setup.ts";

/** One run of a callback. */
export interface SubjectCall {
  readonly jobId: string;
  readonly status: "succeeded" | "failed";
  readonly attempt: number;
  /** It has ended well. */
  readonly ended: boolean;
}

/** What has happened behind an endpoint so far. Plain data. */
export interface SubjectReport {
  readonly calls: readonly SubjectCall[];
  /** Ids that `onDead` was told, in order. */
  readonly dead: readonly string[];
  /** The reasons of the `refused` events, in order. */
  readonly refusals: readonly string[];
  /** How many deliveries reached the store. */
  readonly ingests: number;
  /** The jobs that the provider was asked for, in order. */
  readonly polls: readonly string[];
  readonly records: readonly JobRecord[];
}

/** The strings of a subject: what `createSubject` answers in process, and what is remote otherwise. */
export interface SubjectControls {
  report(): Promise<SubjectReport>;
  /** Lets callbacks and polls that are `"held"` end, now and from now on. */
  release(): Promise<void>;
  /** Has the receiver expect the job of a result, which a poll will find. Answers as `expect` does. */
  expect(result: JobResult): Promise<"expected" | "arrived">;
  /** Drains the receiver, with little patience. */
  drain(): Promise<void>;
}

/** Sends requests one after the other over one connection. */
export interface OneConnection {
  fetch(request: Request): Promise<Response>;
  /** How many connections it took so far. */
  connections(): number;
  close(): Promise<void>;
}

/** A fresh endpoint that no other test sees. */
export interface AdapterTarget extends SubjectControls {
  /** The endpoint. Default `http://localhost/api/abstrakt-webhook`, for targets without a network. */
  readonly url?: string;
  /** How to reach it. Default the global `fetch`; bound its connections if the target minds a thousand. */
  fetch?(request: Request): Response | Promise<Response>;
  /** For targets with connections. Needed for `connections`. */
  oneConnection?(): OneConnection;
  /** Errors of the endpoint's process that nobody caught, since the boot. Needed for `uncaught`. */
  uncaught?(): Promise<readonly string[]>;
  /** Called after the test, whether it passed or not. */
  close?(): Promise<void>;
}

/** Makes the endpoint of one test. */
export type BootAdapter = (setup: AdapterSetup) => AdapterTarget | Promise<AdapterTarget>;

/** What a target offers beyond answering. A test of something missing is skipped under a name that says so. */
export interface AdapterCapabilities {
  /** The target has `oneConnection`. Default false. */
  readonly connections?: boolean;
  /** The target has `uncaught`. Default false. */
  readonly uncaught?: boolean;
  /** How long to wait for what should happen at once. Bounds only hanging. Default 25 000. */
  readonly patienceMs?: number;
}
