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
    case "leased": {
      const fault = faultOfLease("ingest", "lease", lease, LEASE);
      if (fault !== undefined || (lease as Lease).jobId === jobId) return fault;
      return faulty("ingest", "a lease of that job", "one of another job");
    }
    case "duplicate":
    case "conflict":
      if ((state as JobState) in STATES) return undefined;
      return faulty("ingest", "the state of the row", describe(state));
    default:
      return faulty(
        "ingest",
        "an object with a known `kind`",
        describe(kind === undefined ? reply : kind),
      );
  }
}

/** @throws AbstraktWebhookError `store_unavailable` if a store's reply to `claim` is no list. */
export const readLeases = (reply: unknown): Lease[] => readList("claim", reply, LEASE);

/** @throws AbstraktWebhookError `store_unavailable` if a store's reply to `claimPolls` is no list. */
export const readPollLeases = (reply: unknown): PollLease[] =>
  readList("claimPolls", reply, POLL_LEASE);

function readList<T>(method: string, reply: unknown, fields: Fields): T[] {
  if (!Array.isArray(reply)) throw unusable(faulty(method, "a list of leases", describe(reply)));
  const leases: readonly unknown[] = reply;
  for (const [index, lease] of leases.entries()) {
    const fault = faultOfLease(method, `[${index}]`, lease, fields);
    if (fault !== undefined) throw unusable(fault);
  }
  return reply as T[];
}

/**
 * A time that has passed counts as 0.
 *
 * @throws AbstraktWebhookError `store_unavailable` if a store's reply to `nextDueInMs` is no time.
 */
export function readDueInMs(reply: unknown): number | undefined {
  if (reply === undefined) return undefined;
  if (typeof reply === "number" && !Number.isNaN(reply)) return Math.max(0, reply);
  throw unusable(faulty("nextDueInMs", "milliseconds or undefined", describe(reply)));
}

const unusable = (fault: string): AbstraktWebhookError =>
  new AbstraktWebhookError("store_unavailable", fault);

const STATES = emptyCounts();

/** The fields of a lease that the receiver needs, and what each of them must be. */
type Fields = readonly (readonly [name: string, what: "a text" | "a whole number"])[];

const POLL_LEASE: Fields = [
  ["jobId", "a text"],
  ["fence", "a whole number"],
];
const LEASE: Fields = [...POLL_LEASE, ["attempt", "a whole number"], ["payload", "a text"]];

/** Names the first field that is wrong. */
function faultOfLease(
  method: string,
  path: string,
  lease: unknown,
  fields: Fields,
): string | undefined {
  for (const [name, what] of fields) {
    const value = ((lease ?? {}) as Partial<Record<string, unknown>>)[name];
    if (what === "a text" ? typeof value === "string" : Number.isSafeInteger(value)) continue;
    // Some database clients return large integers as texts. Only such a text is shown.
    const isNumeral = typeof value === "string" && /^\d{1,19}$/.test(value);
    const got = isNumeral ? `the text "${value}"` : describe(value);
    return faulty(method, `${what} as \`${path}.${name}\``, got);
  }
  return undefined;
}

const faulty = (method: string, what: string, got: string): string =>
  `Expected the store to answer \`${method}\` with ${what}, got ${got}. Run the store suite of @abstrakt-webhooks/testing on it.`;
