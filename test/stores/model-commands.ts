import type { Delivery, JobState, Settlement } from "@abstrakt-webhooks/core";
import fc from "fast-check";

/** One step of a random history. Durations in units. */
export type Command =
  | { do: "ingest"; delivery: Delivery; lease: number }
  | { do: "claim"; limit: number; lease: number; jobId?: string }
  | { do: "settle"; jobId: string; stale: boolean; settlement: Settlement }
  | { do: "expect"; jobId: string; poll: number; giveUp: number; binding?: string }
  | { do: "claimPolls"; limit: number; lease: number }
  | { do: "settlePoll"; jobId: string; stale: boolean; again?: number }
  | { do: "redrive"; jobId: string }
  | { do: "prune"; limit: number }
  | { do: "list"; limit: number; state?: JobState; prefix?: string }
  | { do: "advance"; units: number };

// There are few ids, so that commands affect the same jobs; all collations order them alike.
const jobId = fc.constantFrom("job-1", "job-2", "job-3");
const binding = fc.option(fc.constantFrom("x", "y"), { nil: undefined, freq: 2 });
const limit = fc.integer({ min: 1, max: 4 });
// Time passes in whole units and durations end in halves, so no comparison depends on a
// millisecond.
const units = fc.constantFrom(0.5, 1.5, 3.5, 6.5);
const stale = fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true));

const present = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;

const content = fc.constantFrom(
  { fingerprint: "1-a", payload: "A" },
  { fingerprint: "1-b", payload: "B" },
  { fingerprint: "2-a", payload: "A" },
  { payload: "?" },
  { payload: "??" },
);
const delivery = fc
  .record({ jobId, content, binding })
  .map((r) => present({ jobId: r.jobId, source: "webhook", ...r.content, binding: r.binding }));

const settlement: fc.Arbitrary<Settlement> = fc.oneof(
  fc.constant<Settlement>({ to: "done" }),
  fc.constant<Settlement>({ to: "done", result: { payload: "C", fingerprint: "1-c" } }),
  units.map((delayMs): Settlement => ({ to: "retry", delayMs, error: "busy" })),
  fc.constant<Settlement>({ to: "dead", error: "exhausted" }),
  fc.constant<Settlement>({ to: "dead", error: "unknown_job", free: true }),
  fc.constant<Settlement>({ to: "release" }),
  units.map((delayMs): Settlement => ({ to: "release", delayMs, error: "unconfirmed" })),
  units.map((leaseMs): Settlement => ({ to: "extend", leaseMs })),
);

const step = (kind: Command["do"], fields: object, weight: number) => ({
  weight,
  arbitrary: fc
    .record(fields as Record<string, fc.Arbitrary<unknown>>)
    .map((r) => present({ do: kind, ...r }) as unknown as Command),
});
const maybeId = fc.option(jobId, { nil: undefined, freq: 2 });
const state = fc.option(
  fc.constantFrom<JobState>("expected", "pending", "leased", "done", "dead"),
  { nil: undefined, freq: 3 },
);
const prefix = fc.option(fc.constantFrom("", "job-", "job-2", "job-4"), {
  nil: undefined,
  freq: 2,
});
const again = fc.option(units, { nil: undefined, freq: 2 });

/** Histories of up to `maxLength` steps. Delays inside a settlement are units too. */
export const commands = (maxLength: number): fc.Arbitrary<Command[]> =>
  fc.array(
    fc.oneof(
      step("ingest", { delivery, lease: fc.oneof(fc.constant(0), units) }, 6),
      step("claim", { limit, lease: units, jobId: maybeId }, 4),
      step("settle", { jobId, stale, settlement }, 7),
      step("expect", { jobId, poll: fc.oneof(fc.constant(0), units), giveUp: units, binding }, 3),
      step("claimPolls", { limit, lease: units }, 3),
      step("settlePoll", { jobId, stale, again }, 3),
      step("redrive", { jobId }, 2),
      step("prune", { limit }, 1),
      step("list", { limit, state, prefix }, 2),
      step("advance", { units: fc.integer({ min: 1, max: 5 }) }, 3),
    ),
    { maxLength, size: "max" },
  );
