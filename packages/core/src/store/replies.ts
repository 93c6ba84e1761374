import { describe } from "../checks.ts";
import { AbstraktWebhookError } from "../errors.ts";
import type { PollLease } from "./capabilities.ts";
import type { Ingested, JobState, Lease } from "./job-store.ts";
import { emptyCounts } from "./lists.ts";

/** Describes what is wrong with a store's reply to `ingest`. `undefined` for a valid reply. */
export function faultOfIngested(reply: unknown, jobId: string): string | undefined {
  const { kind, state, lease } = (reply ?? {}) as Partial<Record<string, unknown>>;
  switch (kind as Ingested["kind"]) {
    case "stored":
    case "parked":
    case "full":
      return undefined;
    case "leased":
      if (isLease(lease) && lease.jobId === jobId) return undefined;
      return faulty("ingest", "a lease of that job", lease);
    case "duplicate":
    case "conflict":
      if ((state as JobState) in STATES) return undefined;
      return faulty("ingest", "the state of the row", state);
    default:
      return faulty("ingest", "an object with a known `kind`", kind === undefined ? reply : kind);
  }
}

/** @throws AbstraktWebhookError `store_unavailable` if a store's reply to `claim` is no list. */
export const readLeases = (reply: unknown): Lease[] => readList("claim", reply, isLease);

/** @throws AbstraktWebhookError `store_unavailable` if a store's reply to `claimPolls` is no list. */
export const readPollLeases = (reply: unknown): PollLease[] =>
  readList("claimPolls", reply, isPollLease);

function readList<T>(method: string, reply: unknown, isItem: (item: unknown) => item is T): T[] {
  if (Array.isArray(reply) && reply.every(isItem)) return reply;
  throw unusable(faulty(method, "a list of leases", reply));
}

/**
 * A time that has passed counts as 0.
 *
 * @throws AbstraktWebhookError `store_unavailable` if a store's reply to `nextDueInMs` is no time.
 */
export function readDueInMs(reply: unknown): number | undefined {
  if (reply === undefined) return undefined;
  if (typeof reply === "number" && !Number.isNaN(reply)) return Math.max(0, reply);
  throw unusable(faulty("nextDueInMs", "milliseconds or undefined", reply));
}

const unusable = (fault: string): AbstraktWebhookError =>
  new AbstraktWebhookError("store_unavailable", fault);

const STATES = emptyCounts();

function isPollLease(value: unknown): value is PollLease {
  const { jobId, fence } = (value ?? {}) as Partial<PollLease>;
  return typeof jobId === "string" && Number.isSafeInteger(fence);
}

function isLease(value: unknown): value is Lease {
  const { attempt, payload } = (value ?? {}) as Partial<Lease>;
  return isPollLease(value) && Number.isSafeInteger(attempt) && typeof payload === "string";
}

const faulty = (method: string, what: string, got: unknown): string =>
  `Expected the store to answer \`${method}\` with ${what}, got ${describe(got)}. Run the store suite of @abstrakt-webhooks/testing on it.`;
