import type { JobRecord, JobResult } from "@abstrakt-webhooks/core";
import type { AdapterSetup } from "./setup.ts";

/** One attempt. */
export interface SubjectCall {
  readonly jobId: string;
  readonly status: "succeeded" | "failed";
  readonly attempt: number;
  /** True after the callback has succeeded. */
  readonly ended: boolean;
}

/** What the receiver of an endpoint has done so far, as plain data. */
export interface SubjectReport {
  readonly calls: readonly SubjectCall[];
  /** The job ids that `onDead` was called with, in order. */
  readonly dead: readonly string[];
  /** The reasons of the `refused` events, in order. */
  readonly refusals: readonly string[];
  /** How many times `ingest` of the store was called. */
  readonly ingests: number;
  /** The ids of the jobs that the receiver polled, in order. */
  readonly polls: readonly string[];
  readonly records: readonly JobRecord[];
}

/** How the suite controls a subject. In the same process, `createSubject` returns the controls. */
export interface SubjectControls {
  report(): Promise<SubjectReport>;
  /** Ends all callbacks and polls that are `"held"`. Later ones end at once. */
  release(): Promise<void>;
  /** Calls `expect` for a job whose polls find this result. Resolves to the value of `expect`. */
  expect(result: JobResult): Promise<"expected" | "arrived" | "contested">;
  /** Drains the receiver within a short time. */
  drain(): Promise<void>;
}

/** Sends requests one after the other over one connection. */
export interface OneConnection {
  fetch(request: Request): Promise<Response>;
  /** How many connections were opened so far. */
  connections(): number;
  close(): Promise<void>;
}

/** A new endpoint that no other test uses. */
export interface AdapterTarget extends SubjectControls {
  /** The endpoint's URL. Default, if in process: `http://localhost/api/abstrakt-webhook`. */
  readonly url?: string | undefined;
  /** Sends a request to the endpoint. Default: the global `fetch`. It may open many connections. */
  readonly fetch?: ((request: Request) => Response | Promise<Response>) | undefined;
  /** Opens a connection of its own. Needed for the capability `connections`. */
  readonly oneConnection?: (() => OneConnection) | undefined;
  /** The uncaught errors of the endpoint's process. Needed for the capability `uncaught`. */
  readonly uncaught?: (() => Promise<readonly string[]>) | undefined;
  /** Called after the test, whether it passed or not. */
  readonly close?: (() => Promise<void>) | undefined;
}

/** Makes the endpoint of one test. */
export type BootAdapter = (setup: AdapterSetup) => AdapterTarget | Promise<AdapterTarget>;

/**
 * What a target can do beside answering requests. A test that needs more is skipped, and its name
 * says why.
 */
export interface AdapterCapabilities {
  /** The target has `oneConnection`. Default false. */
  readonly connections?: boolean | undefined;
  /** The target has `uncaught`. Default false. */
  readonly uncaught?: boolean | undefined;
  /** How long a test waits before it fails instead of hanging, in milliseconds. Default 25 000. */
  readonly patienceMs?: number | undefined;
}
