import type { Granted } from "./event.ts";
import type { JobHistory } from "./job-history.ts";

/** The tolerance: stores count whole milliseconds, and clocks are slewed. */
const TOLERANCE_MS = 5;

/** Fences grow: each is granted once, and a later grant has a higher one. */
export function fencesThatFell({ grants }: JobHistory): string[] {
  return pairs(grants).flatMap(([before, after]) => {
    if (before.fence === after.fence) return [`fence ${after.fence} was granted twice`];
    return after.atMs < before.sentAtMs
      ? [`fence ${before.fence} was granted after fence ${after.fence}`]
      : [];
  });
}

/** One lease at a time: the next lease begins after the end or the release of the one before. */
export function leasesAtOnce(job: JobHistory): string[] {
  return pairs(job.grants).flatMap(([held, next]) => {
    const givenUp = job.settlings.some(
      ({ fence, to, atMs }) => fence === held.fence && to !== "extend" && atMs <= next.atMs,
    );
    const earlyMs = leasedUntilMs(job, held) - TOLERANCE_MS - next.atMs;
    return givenUp || earlyMs <= 0
      ? []
      : [`fence ${next.fence} was granted ${Math.ceil(earlyMs)} ms before ${held.fence} was over`];
  });
}

/** The earliest end of a lease that agrees with the store's answers. */
function leasedUntilMs({ settles }: JobHistory, held: Granted): number {
  const extended = settles
    .filter(({ fence, to, ok }) => fence === held.fence && to === "extend" && ok)
    .map(({ sentAtMs, leaseMs = 0 }) => sentAtMs + leaseMs);
  return Math.max(held.sentAtMs + held.leaseMs, ...extended);
}

/** A settle under an old fence is refused. */
export function zombiesBelieved({ grants, settles }: JobHistory): string[] {
  return settles
    .filter(({ ok }) => ok)
    .filter((settle) =>
      grants.some(({ fence, atMs }) => fence > settle.fence && atMs < settle.sentAtMs),
    )
    .map(({ fence, to }) => `"${to}" was taken under fence ${fence}, which was over`);
}

/** A callback runs once, under a lease of its own instance. */
export function runsWithoutLease({ grants, starts }: JobHistory): string[] {
  const leases = new Set(grants.map(({ by, fence }) => `${by} ${fence}`));
  const runs = starts.map(({ by, fence }) => `${by} ${fence}`);
  return [
    ...runs.filter((run) => !leases.has(run)).map((run) => `ran without a lease: ${run}`),
    ...runs
      .filter((run, index) => runs.indexOf(run) !== index)
      .map((run) => `ran twice under one lease: ${run}`),
  ];
}

/** Every claim counts as an attempt, except after a release. */
export function attemptsMiscounted({ grants, settles, settlings }: JobHistory): string[] {
  return pairs(grants).flatMap(([before, after]) => {
    // There may be a grant between them whose reply was never received.
    if (after.fence !== before.fence + 1) return [];
    const isRelease = (one: { fence: number; to: string }) =>
      one.fence === before.fence && one.to === "release";
    const released = settles.some((one) => isRelease(one) && one.ok);
    if (!released && settlings.some(isRelease)) return [];
    const expected = before.attempt + (released ? 0 : 1);
    return after.attempt === expected
      ? []
      : [`fence ${after.fence} is attempt ${after.attempt} instead of ${expected}`];
  });
}

const pairs = <T>(list: readonly T[]): [T, T][] =>
  list.slice(1).map((after, index) => [list[index] as T, after]);
