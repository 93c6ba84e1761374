import type { JobRecord, JobResult } from "@abstrakt-webhooks/core";
import type { AdapterSetup } from "./setup.ts";

/** One run of a callback. */
export interface SubjectCall {
  readonly jobId: string;
  readonly status: "succeeded" | "failed";
  readonly attempt: number;
  /** True once it has succeeded. */
  readonly ended: boolean;
}

/** What the receiver of an endpoint has done so far, as plain data. */
export interface SubjectReport {
  readonly calls: readonly SubjectCall[];
  /** The job ids that `onDead` was called with, in order. */
  readonly dead: readonly string[];
  /** The reasons of the `refused` events, in order. */
  readonly refusals: readonly string[];
  /** How many deliveries reached the store. */
  readonly ingests: number;
  /** The jobs that the provider was asked for, in order. */
  readonly polls: readonly string[];
  readonly records: readonly JobRecord[];
}

/** How the suite controls a subject. In process, `createSubject` returns it. */
export interface SubjectControls {
  report(): Promise<SubjectReport>;
  /** Lets callbacks and polls that are `"held"` end, now and from now on. */
  release(): Promise<void>;
  /** Makes the receiver expect a job whose polls will find this result. Returns what `expect` does. */
  expect(result: JobResult): Promise<"expected" | "arrived" | "contested">;
  /** Drains the receiver within a short time. */
  drain(): Promise<void>;
}

/** Sends requests one after the other over one connection. */
export interface OneConnection {
  fetch(request: Request): Promise<Response>;
  /** How many connections it has opened so far. */
  connections(): number;
  close(): Promise<void>;
}

/** A fresh endpoint that no other test sees. */
export interface AdapterTarget extends SubjectControls {
  /** The endpoint. Default `http://localhost/api/abstrakt-webhook`, for targets without a network. */
  readonly url?: string;
  /** Sends a request to it. Default: the global `fetch`, which may open a thousand connections. */
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

/** What a target can do beyond answering. A test that needs more is skipped, and its name says why. */
export interface AdapterCapabilities {
  /** The target has `oneConnection`. Default false. */
  readonly connections?: boolean;
  /** The target has `uncaught`. Default false. */
  readonly uncaught?: boolean;
  /** How long a test waits before it fails instead of hanging, in milliseconds. Default 25 000. */
  readonly patienceMs?: number;
}
