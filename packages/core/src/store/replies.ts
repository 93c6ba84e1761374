import { describe } from "../checks.ts";
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

/** Describes what is wrong with a store's reply to `claim`. `undefined` for a valid reply. */
export function faultOfLeases(reply: unknown): string | undefined {
  if (Array.isArray(reply) && reply.every(isLease)) return undefined;
  return faulty("claim", "a list of leases", reply);
}

const STATES = emptyCounts();

function isLease(value: unknown): value is Lease {
  const { jobId, fence, attempt, payload } = (value ?? {}) as Partial<Lease>;
  return (
    typeof jobId === "string" &&
    Number.isSafeInteger(fence) &&
    Number.isSafeInteger(attempt) &&
    typeof payload === "string"
  );
}

const faulty = (method: string, what: string, got: unknown): string =>
  `Expected the store to answer \`${method}\` with ${what}, got ${describe(got)}. Run the store suite of @abstrakt-webhooks/testing on it.`;
